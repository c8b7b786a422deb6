"""What an agent's process holds: listeners and tasks. What a case compares before and after says what was left behind."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

_STANDARD = Path(os.__file__).parent


def listeners(emitter: Any) -> dict[str, int]:
    """Return how many callbacks one of livekit's emitters holds for each event."""
    held = emitter._events  # noqa: SLF001  # it offers no word of its own for that; the same name in every version supported
    return {str(event): len(callbacks) for event, callbacks in held.items() if callbacks}


def beyond(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    """Return what there is more of than before."""
    return {name: more for name, count in now.items() if (more := count - before.get(name, 0)) > 0}


class Tasks:
    """The tasks of a job's loop, apart from whoever asks for them."""

    def __init__(self) -> None:
        self._seen: set[Any] = set()

    async def told(self, settle: float) -> list[str]:
        """Return the names of what each runs, once those that came since the last call have ended or `settle` seconds passed."""
        if settle and (new := _running() - self._seen):
            await asyncio.wait(new, timeout=settle)
        self._seen = _running()
        return sorted(_name(task) for task in self._seen)


def waits() -> list[str]:
    """Return where each task of this loop stands, as `what it runs: file:line in the function that waits`."""
    return sorted({f"{_name(task)}: {_place(task.get_coro())}" for task in _running()})


def _place(work: Any) -> str:
    """Return the last line of a chain of awaits that is not the standard library's."""
    place = "not begun"
    while work is not None:
        frame = _held(work, "cr_frame", "ag_frame", "gi_frame")
        if frame is not None and not _standard(path := Path(frame.f_code.co_filename)):
            place = f"{'/'.join(path.parts[-3:])}:{frame.f_lineno} in {frame.f_code.co_name}"
        work = _held(work, "cr_await", "ag_await", "gi_yieldfrom")
    return place


def _standard(path: Path) -> bool:
    return path.is_relative_to(_STANDARD) and "site-packages" not in path.parts


def _held(work: Any, *names: str) -> Any:
    """Return what a coroutine, or a generator of either kind, holds under its kind's name."""
    return next((held for name in names if (held := getattr(work, name, None)) is not None), None)


def _running() -> set[Any]:
    return asyncio.all_tasks() - {asyncio.current_task()}


def _name(task: Any) -> str:
    work = task.get_coro()
    return str(getattr(work, "__qualname__", work))
