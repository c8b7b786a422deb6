"""An event loop in a thread of its own.

Starting LiveKit blocks, for minutes where it must be built first. It does so in the main thread, where Ctrl-C
interrupts it and its clean-up runs, while the mock serves from here.
"""

import asyncio
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from mockvendors.avatar.late import is_late

T = TypeVar("T")


class Background:
    """A running loop; a context manager that leaves no task behind."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="mock", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there, and return what it returns; Ctrl-C interrupts the waiting, not the work."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            # A join that LiveKit has not given up yet may not be cancelled (see avatar/door.py); it ends with the process.
            tasks = {task for task in asyncio.all_tasks(self._loop) if not is_late(task)}
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
        finally:
            self._loop.close()
