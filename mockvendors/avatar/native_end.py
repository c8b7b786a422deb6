"""The end of a process in which LiveKit's native library ran.

Its threads call Python until the very end. One that does so after the interpreter is gone is ended by it in the middle of Rust,
and that aborts the process: 15 of 210 runs that had passed ended with exit code 134. So the library's callback is exchanged for
a function that needs no Python before the interpreter goes, and calls that have begun are given a moment to end.
"""

import atexit
import ctypes
import sys
import threading
import time
from functools import cache

from livekit.rtc import __version__

_PAUSE = 0.005
"""Seconds between two looks, as long as a thread may wait for Python's lock."""
_LOOKS = 200
_CALM = 2


@cache
def prepare() -> None:
    """See to it that this process ends in order; called once the library is loaded, so that it comes before its own end."""
    atexit.register(_hang_up)


def _hang_up() -> None:
    """Exchange the callback. There is no public way: a livekit package or system without this one is left as it is."""
    try:
        from livekit.rtc._ffi_client import FfiClient, ffi_event_callback  # noqa: PLC0415  # it may not be there

        deaf = ctypes.cast(ctypes.CDLL(None).labs, type(ffi_event_callback))  # reads its argument and does nothing
        FfiClient.instance._ffi_lib.livekit_ffi_initialize(deaf, False, b"python", __version__.encode())  # noqa: SLF001  # as above
    except (ImportError, AttributeError, TypeError, OSError, ctypes.ArgumentError):
        return
    _let_calls_end()


def _let_calls_end() -> None:
    """Let other threads run Python until none of the library's has done so for two looks in a row; for a second at most."""
    calm = 0
    for _ in range(_LOOKS):
        calm = 0 if _foreign_threads() else calm + 1
        if calm == _CALM:
            return
        time.sleep(_PAUSE)


def _foreign_threads() -> set[int]:
    """Return the threads that run Python now and that Python did not start."""
    own = {one.ident for one in threading.enumerate() if not isinstance(one, threading._DummyThread)}  # noqa: SLF001  # no other name
    return {ident for ident in sys._current_frames() if ident not in own}  # noqa: SLF001  # documented, for such ends
