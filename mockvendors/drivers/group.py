"""The process group of a driver: nothing of it is to be left behind."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from mockvendors import limits


def send(group: int, number: signal.Signals) -> None:
    """Send a signal to all of a group; one that is gone gets none."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


async def gone(group: int, limit: float) -> bool:
    """Wait until no process of the group runs; False after `limit` seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(limit):
            while running(group):  # noqa: ASYNC110  # no event tells of strangers' ends
                await asyncio.sleep(limits.DRIVER_POLL)
            return True
    return not running(group)


def running(group: int) -> list[int]:
    """Return the process ids of a group; a process that only waits to be reaped does not run."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return []
    except PermissionError:
        return [group]
    if sys.platform != "linux":
        return [group]
    return [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _in_group(stat, group)]


def _in_group(stat: Path, group: int) -> bool:
    with contextlib.suppress(OSError):  # it ended meanwhile
        state, _, its_group, *_ = stat.read_text().rpartition(")")[2].split()
        return int(its_group) == group and state != "Z"
    return False
