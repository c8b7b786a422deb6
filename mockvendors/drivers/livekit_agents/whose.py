"""Whose an exception is that comes out of a description: read from the frames that it went through behind that file."""

from __future__ import annotations

import dis
import inspect
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

FRAMEWORK = "livekit.agents"
"""What plugins are built on: a description reaches it by way of the plugin alone."""


def plugins(path: str, plugin: Any, exc: BaseException) -> bool:
    """Tell whether it went through the plugin, or the framework, behind the last line of the description at `path`.

    The standard library and helper modules of the suite alone are not the plugin's: then it is the description's mistake.
    """
    owners = _modules(plugin)
    return any(_within(str(frame.f_globals.get("__name__")), owners) for frame in _behind(path, exc))


def word(path: str, exc: BaseException) -> bool:
    """Tell whether it was raised by a `raise` of the description or of a helper beside it, and not by what a line did."""
    last = exc.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or not beside(path, exc):
        return False
    return dis.opname[last.tb_frame.f_code.co_code[last.tb_lasti]] == "RAISE_VARARGS"


def beside(path: str, exc: BaseException) -> bool:
    """Tell whether the last line that it went through is in the description, or in a file of its folder."""
    frames = _frames(exc)
    if not frames:
        return False
    file, folder = Path(frames[-1].f_code.co_filename).resolve(), Path(path).resolve().parent
    return folder in file.parents and "site-packages" not in file.relative_to(folder).parts


def _frames(exc: BaseException) -> list[FrameType]:
    return [frame for frame, _ in traceback.walk_tb(exc.__traceback__)]


def _behind(path: str, exc: BaseException) -> list[FrameType]:
    """Return the frames behind the description's last; all of them where it has none, as of a function that it imports."""
    frames = _frames(exc)
    last = max((place for place, frame in enumerate(frames) if frame.f_code.co_filename == path), default=-1)
    return frames[last + 1 :]


def _modules(plugin: Any) -> set[str]:
    """Return the modules that are the plugin's: its package, and where what it offers was made, and the framework."""
    package = plugin.__name__ if hasattr(plugin, "__path__") else plugin.__package__ or plugin.__name__
    made = {each.__module__ for each in vars(plugin).values() if inspect.isclass(each) or inspect.isfunction(each)}
    foreign = {name for name in made if isinstance(name, str) and name.partition(".")[0] not in sys.stdlib_module_names}
    return {package, FRAMEWORK, *foreign}


def _within(name: str, owners: set[str]) -> bool:
    return any(f"{name}.".startswith(f"{owner}.") for owner in owners)
