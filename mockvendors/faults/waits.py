"""Every wait that the faults of one tenant asked for: none outlives the tenant, or its reset."""

import asyncio


class Waits:
    """Waits that can all be cut short; none begins any more when `over` is set."""

    def __init__(self, over: asyncio.Event) -> None:
        self._over = over
        self._open: set[asyncio.Future[None]] = set()
        self._none = asyncio.Event()

    async def wait(self, seconds: float | None) -> bool:
        """Return True after so many seconds (None: never), False as soon as waiting has become pointless."""
        if self._over.is_set():
            return False
        waiting = asyncio.get_running_loop().create_future()
        self._open.add(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return True
        finally:
            self._open.discard(waiting)
            if not self._open:
                self._none.set()
        return False

    def cut(self) -> None:
        """End all waits."""
        for waiting in self._open:
            if not waiting.done():
                waiting.set_result(None)

    async def ended(self) -> None:
        """Return when nobody waits any more."""
        while self._open:
            self._none.clear()
            await self._none.wait()
