"""Joins that nobody may end before LiveKit does, told by the names of their tasks; needs nothing of the native library.

Whoever ends a loop leaves these tasks alone: `door.py` says why.
"""

import asyncio
from typing import Any

JOIN = "room-join"
STRAGGLER = "room-straggler"


def is_late(task: asyncio.Task[Any]) -> bool:
    """Tell whether a task is a join, or waits for one that nobody waits for any more."""
    return task.get_name() in (JOIN, STRAGGLER)
