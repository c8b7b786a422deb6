"""Every wait that the faults of one tenant asked for: none outlives the tenant."""

import asyncio


class Waits:
    """Waits that all end when `over` is set."""

    def __init__(self, over: asyncio.Event) -> None:
        self._over = over
        self._open = 0
        self._none = asyncio.Event()

    async def wait(self, seconds: float | None) -> bool:
        """Return True after so many seconds (None: never), False as soon as the tenant goes."""
        self._open += 1
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return True
        finally:
            self._open -= 1
            if not self._open:
                self._none.set()
        return False

    async def ended(self) -> None:
        """Return when nobody waits any more."""
        while self._open:
            self._none.clear()
            await self._none.wait()
