"""Why an avatar ends: the first cause wins."""

import asyncio


class Ending:
    """A cause that is set once and can be waited for."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self._event = asyncio.Event()

    def set(self, reason: str) -> None:
        """End for this reason, unless there is one already."""
        if self.reason is None:
            self.reason = reason
            self._event.set()

    async def wait(self, seconds: float | None = None) -> str | None:
        """Return the reason once there is one, or None after so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return self.reason
        return self.reason
