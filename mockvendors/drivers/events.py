"""What a driver told unasked, session by session."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

from mockvendors.drivers.messages import Event

T = TypeVar("T")


class Events:
    """The events of one driver; a session's are kept apart, so that no case reads through those of all before it."""

    def __init__(self) -> None:
        self._by_session: dict[str, list[Event]] = {}
        self._changed = asyncio.Event()
        self._over = False

    def of(self, session: str) -> Sequence[Event]:
        """Return the events of a session so far, in order."""
        return self._by_session.get(session, ())

    def add(self, event: Event) -> None:
        """Keep one event and wake whoever waits for it."""
        self._by_session.setdefault(event.session, []).append(event)
        self._wake()

    def forget(self, session: str) -> None:
        """Drop the events of a session that is over."""
        self._by_session.pop(session, None)

    def end(self) -> None:
        """No more will come: nobody waits any longer."""
        self._over = True
        self._wake()

    async def until(self, session: str, found: Callable[[Sequence[Event]], T | None], limit: float) -> T | None:
        """Return what `found` makes of the session's events as soon as it is not None; None after `limit` seconds or the end."""
        try:
            async with asyncio.timeout(limit):
                while (result := found(self.of(session))) is None and not self._over:
                    await self._changed.wait()
        except TimeoutError:
            return None
        return result

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
