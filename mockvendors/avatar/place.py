"""The place of an identity in a room, which one avatar of ours after the other takes.

LiveKit lets the newer of two participants with one identity drive the older out. Where that happens while the older publishes,
the native library can end the whole process with a segmentation fault (2 of 75 tries). Both are ours, so the newer one knocks
when the older has its tracks in the room, or is gone.
"""

import asyncio
from weakref import WeakValueDictionary

from mockvendors import limits
from mockvendors.redact.tokens import claims


class Place:
    """Where one avatar joins; `taken` by it while it comes and publishes."""

    def __init__(self, url: str, token: str) -> None:
        self._lock = _lock(asyncio.get_running_loop(), url, token)
        self.taken = False

    async def take(self) -> None:
        """Wait until nobody of ours is about to publish there, for so long as that may take at most."""
        try:
            async with asyncio.timeout(limits.scaled(limits.AVATAR_PUBLISH_PATIENCE)):
                self.taken = await self._lock.acquire()
        except TimeoutError:
            return

    def free(self) -> None:
        """Let the next one come; freed once, it stays free."""
        if self.taken:
            self.taken = False
            self._lock.release()


_PLACES: WeakValueDictionary[tuple[int, str, str, str], asyncio.Lock] = WeakValueDictionary()
"""Of the whole process, as the native library is; a place is forgotten with the last avatar that knows it."""


def _lock(loop: asyncio.AbstractEventLoop, url: str, token: str) -> asyncio.Lock:
    room, identity = _named(token)
    key = (id(loop), url, room, identity)
    lock = _PLACES.get(key)
    if lock is None:
        lock = _PLACES[key] = asyncio.Lock()
    return lock


def _named(token: str) -> tuple[str, str]:
    """Return room and identity of a token; a broken one stands for itself, and is refused by the room."""
    told = claims(token) or {}
    try:
        return str(told["video"]["room"]), str(told["sub"])
    except (KeyError, TypeError):
        return token, ""
