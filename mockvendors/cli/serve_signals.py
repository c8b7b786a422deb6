"""SIGINT and SIGTERM of `serve`: taken where they do no harm, and never without an end.

A KeyboardInterrupt that comes between any two instructions can leave a lock of Python's own library taken for ever: that of a
future for which the main thread waits, or that of a module which it imports. The thread of the mock then waits for it, and the
main thread for that. So a signal raises only in the parts that say so (`interrupting`), and there not amid such a lock;
everywhere else it is found at the next such part.
"""

import faulthandler
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mockvendors import limits

_INTERRUPTED, _INTERNAL = 2, 3
_STDERR = 2
_IMPORTING = "<frozen importlib"


class Signals:
    """What came, and where it may raise. At first that is everywhere: no thread waits for a lock yet."""

    def __init__(self) -> None:
        self._open = True
        self._came = self._raised = False
        self._end = 0.0
        """By the monotonic clock: when the patience with an end in order is over."""

    def take(self) -> None:
        """Make SIGINT and SIGTERM end things in order, a second one at once, and an end that takes too long as well."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGALRM, self._on_alarm)

    def hold(self) -> None:
        """Raise from now on only in parts that are `interrupting`."""
        self._open = False
        self.check()

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Let a signal raise KeyboardInterrupt in this part, one that came before at once."""
        self._open = True
        try:
            self.check()
            yield
        finally:
            self._open = False

    def check(self) -> None:
        """Raise KeyboardInterrupt where a signal came that nobody was told of."""
        if self._came and not self._raised:
            self._raised = True
            raise KeyboardInterrupt

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        if self._came:
            os._exit(_INTERRUPTED)
        self._came = True
        patience = limits.scaled(limits.SERVE_END)
        self._end = time.monotonic() + patience
        faulthandler.dump_traceback_later(patience + limits.scaled(limits.SERVE_DEAF), exit=True, file=_STDERR)
        self._go_on(frame)

    def _on_alarm(self, _number: int, frame: FrameType | None) -> None:
        if time.monotonic() < self._end:
            self._go_on(frame)
            return
        os.write(_STDERR, b"mockvendors: the end in order takes too long; this ends it at once. Report it, with these lines:\n")
        faulthandler.dump_traceback(file=_STDERR)
        os._exit(_INTERNAL)

    def _go_on(self, frame: FrameType | None) -> None:
        """Raise where that does no harm; otherwise see to it that an alarm comes, soon or at the end of the patience."""
        wants = self._open and not self._raised
        free = wants and not _amid_a_lock(frame)
        left = max(self._end - time.monotonic(), limits.SERVE_AGAIN)
        signal.setitimer(signal.ITIMER_REAL, limits.SERVE_AGAIN if wants and not free else left)
        if free:
            self.check()


def _amid_a_lock(frame: FrameType | None) -> bool:
    """Tell whether the main thread is just importing, or in a lock that is written in Python."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name == threading.__file__ or name.startswith(_IMPORTING):
            return True
        frame = frame.f_back
    return False
