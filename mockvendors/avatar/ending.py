"""Why an avatar ends: the first cause wins."""

import asyncio
from collections.abc import Coroutine


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

    async def comes_after(self, work: Coroutine[object, object, None]) -> bool:
        """Do `work` unless the end comes before it is done; tell whether there was none."""
        task = asyncio.create_task(work, name="avatar-before-its-end")
        ended = asyncio.create_task(self._event.wait(), name="avatar-end")
        try:
            await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            task.cancel()
            await asyncio.gather(task, ended, return_exceptions=True)
        if not task.cancelled():
            task.result()
        return self.reason is None
