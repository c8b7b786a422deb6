"""The log of LiveKit's native library, kept out of Python in a process that is ours alone.

The library hands every record of every level, some 170,000 in a run of a suite, to a Python callback, which parses and drops
nearly all of them: half of the processor time of each join. Told not to, it writes its errors to stderr by itself.
"""

import os

from livekit.rtc import __version__

DEBUG = "LIVEKIT_RTC_DEBUG"
"""Set to 1 or true, the library's records reach Python as ever."""


def keep_out() -> None:
    """Stop the flow from now on. There is no public switch: a livekit package without this one is left as it is."""
    if os.environ.get(DEBUG, "").strip().lower() in {"1", "true"}:
        return
    try:
        from livekit.rtc._ffi_client import FfiClient, ffi_event_callback  # noqa: PLC0415  # it may not be there

        library = FfiClient.instance._ffi_lib  # noqa: SLF001  # as the docstring says
        library.livekit_ffi_initialize(ffi_event_callback, False, b"python", __version__.encode())
    except (ImportError, AttributeError, TypeError):
        return
