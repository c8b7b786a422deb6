"""A handler at work: what of the event loop's time is its own, since the handlers of several vendors may share one loop."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Generator
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")

TICKS = 20
"""Parts of a limit that are counted one by one: what others block the loop for takes one of them, however long it is."""


class Work(Generic[Answer]):
    """Awaits a coroutine, and counts how long its own steps held the loop."""

    def __init__(self, work: Coroutine[Any, Any, Answer]) -> None:
        self._work = work
        self.held = 0.0
        """Seconds between its resumptions and its next waits, all together."""

    def __await__(self) -> Generator[Any, Any, Answer]:
        """Pass on what the coroutine waits for, and what is thrown into it."""
        error: BaseException | None = None
        while True:
            began = time.monotonic()
            try:
                waited_for = self._work.send(None) if error is None else self._work.throw(error)
            except StopIteration as end:
                answer: Answer = end.value
                return answer
            finally:
                self.held += time.monotonic() - began
            try:
                error = None
                yield waited_for
            except BaseException as thrown:  # noqa: BLE001 - a cancellation, too, is the coroutine's to see
                error = thrown


@asynccontextmanager
async def clock(limit: float) -> AsyncIterator[asyncio.Timeout]:
    """Raise TimeoutError after `limit` seconds in which the loop ran, as asyncio.timeout does after any."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.TimerHandle | None = None
    async with asyncio.timeout(None) as ringing:

        def tick(left: int) -> None:
            nonlocal waiting
            if left > 0:
                waiting = loop.call_later(limit / TICKS, tick, left - 1)
            else:
                ringing.reschedule(loop.time())

        tick(TICKS)
        try:
            yield ringing
        finally:
            if waiting is not None:
                waiting.cancel()
