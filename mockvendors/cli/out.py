"""Standard output that may end early: `| head` takes what it wants, and that is no failure of ours."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def while_read() -> Iterator[None]:
    """Write to stdout inside; what nobody reads any more is dropped, and the command ends with its own exit code."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
