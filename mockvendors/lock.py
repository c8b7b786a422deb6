"""A lock between processes that is free again when its holder dies, however it dies."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mockvendors.errors import EnvironmentFault

TELL_EVERY = 10.0
"""Seconds between two lines to a person who waits."""

_POLL = 0.2


@contextmanager
def locked(file: Path, limit: float, say: Callable[[str], None], waiting_for: str) -> Iterator[int]:
    """Hold the lock on `file`, and yield its descriptor; while another holds it, say so every ten seconds.

    A program that inherits the descriptor holds the lock as well, until it ends.
    """
    import fcntl  # noqa: PLC0415 - not on Windows, where only this way of getting a server is closed

    with file.open("a") as handle:
        began = told = time.monotonic()
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                now = time.monotonic()
                if now - began > limit:
                    raise EnvironmentFault(
                        f"{waiting_for} has not ended within {limit:g} s", f"End it, or delete {file}"
                    ) from None
                if told == began or now - told >= TELL_EVERY:
                    say(f"waiting for {waiting_for} ({now - began:.0f} s)")
                    told = now
                time.sleep(_POLL)
        yield handle.fileno()
