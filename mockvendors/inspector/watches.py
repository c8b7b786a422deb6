"""One hidden participant a session, shared by all who look at it; it comes with the first and goes with the last."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from mockvendors.inspector.watch import Watch


@dataclass
class _Shared:
    watch: "Watch"
    joining: "asyncio.Task[None]"
    watchers: int = 0
    closing: "asyncio.Task[None] | None" = None


class Watches:
    """The watches that somebody needs now."""

    def __init__(self) -> None:
        self._shared: dict[str, _Shared] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def of(self, session: str, make: "Callable[[], Watch]") -> "AsyncIterator[Watch]":
        """Look at a session until the block ends; raises EnvironmentFault when its room cannot be joined."""
        shared = self._shared.get(session)
        if shared is None or shared.watch.over:
            watch = make()
            shared = _Shared(watch, asyncio.create_task(watch.join(), name=f"viewer-join-{session}"))
            self._shared[session] = shared
        shared.watchers += 1
        try:
            await asyncio.shield(shared.joining)
            yield shared.watch
        finally:
            shared.watchers -= 1
            if shared.watchers == 0:
                self._let_go(session, shared)

    async def close(self) -> None:
        """Leave every room."""
        for session, shared in list(self._shared.items()):
            self._let_go(session, shared)
        await asyncio.gather(*self._closing, return_exceptions=True)

    def _let_go(self, session: str, shared: _Shared) -> None:
        if self._shared.get(session) is shared:
            del self._shared[session]
        if shared.closing is None:  # once: a second time would cut off a leaving that is under way
            shared.closing = asyncio.create_task(_close(shared), name=f"viewer-leave-{session}")
            self._closing.add(shared.closing)
            shared.closing.add_done_callback(self._closing.discard)


async def _close(shared: _Shared) -> None:
    """Give the join up (it then leaves nobody in the room), or leave."""
    shared.joining.cancel()
    await asyncio.wait({shared.joining})
    await shared.watch.close()
