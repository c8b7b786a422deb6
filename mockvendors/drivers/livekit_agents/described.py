"""The suite's description of a plugin: held to its interface before it is used, and told with its line where it fails.

What fails here is the suite's, and neither the plugin's nor the driver's, unless the description itself says otherwise.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterable
from typing import Any

from . import whose
from .errors import Message, Refused, driver_error
from .loading import load_file, nearest, unloadable

INTERFACE = {"capabilities": ("plugin",), "make": ("plugin", "options", "vendor", "connection")}
"""The functions of a description, and what they are called with."""
ALIKE = 0.8
"""Likeness of two names, from 0 to 1, from which on one is taken for the other misspelt."""
QUOTED = 80
"""Characters of a value that is quoted."""


def load_description(path: str) -> Any:
    """Load a description and hold it to its interface. Raises Refused."""
    try:
        description = load_file(path)
    except (Exception, SystemExit) as exc:
        traceback.print_exc()
        raise mistaken(path, f"the description {place(path, exc)} cannot be loaded: {said(exc)}", exc) from exc
    for name, given in INTERFACE.items():
        if why := unfit(description, name, given):
            raise mistaken(path, f"the description {path} {why}")
    return description


def unfit(description: Any, name: str, given: tuple[str, ...]) -> str:
    """Say why a function of the interface cannot be called as it will be; empty where it can."""
    called = f"{name}({', '.join(given)})"
    function = getattr(description, name, None)
    if function is None:
        public = [each for each in vars(description) if not each.startswith("_")]
        return f"lacks {called}{nearest(name, public, ALIKE)}"
    if not callable(function) or inspect.iscoroutinefunction(function):
        return f"has a {name} that is no plain function: {called} is called, and not awaited"
    try:
        inspect.signature(function).bind(*given)
    except TypeError as exc:
        return f"has a {name} that cannot be called as {called}: {exc}"
    return ""


def capabilities(description: Any, plugin: Any, module: str) -> list[str]:
    """Return what the plugin offers, in order. Raises Refused: for a mistake of the description, or by its word."""
    path = description.__file__
    try:
        found = description.capabilities(plugin)
        names = list(found) if isinstance(found, Iterable) and not isinstance(found, str) else None
    except (Exception, SystemExit) as exc:
        raise _not_described(path, plugin, module, exc) from exc
    if names is None or not all(isinstance(name, str) for name in names):
        raise mistaken(path, f"the description {path} returns {found!r:.{QUOTED}} from capabilities, and not a set of names")
    return sorted(names)


def _not_described(path: str, plugin: Any, module: str, exc: BaseException) -> Refused:
    """Return whose it is that `capabilities` raised: a `raise` of the suite's own is its word on the plugin."""
    if not whose.plugins(path, plugin, exc) and not whose.word(path, exc):
        lacks = isinstance(exc, AttributeError) and exc.obj is plugin
        if not lacks:
            return mistaken(path, f"the description {place(path, exc)} failed: {said(exc)}", exc)
        if told := misspelt(path, exc):
            error = {"kind": "configuration", "class": type(exc).__name__, "message": told["told"], "description": told}
            return Refused(error)
    return unloadable(f"{module} is not a plugin that {path} describes: {exc}", exc)


def mistaken(path: str, told: str, exc: BaseException | None = None) -> Refused:
    """Return the refusal that tells a mistake of the description in that file."""
    return Refused({**driver_error(told, exc), "description": {"file": path, "told": told}})


def misspelt(path: str, exc: BaseException) -> Message | None:
    """Return what an AttributeError tells of the description: that it asks for a name much like one that there is."""
    if not isinstance(exc, AttributeError) or not (near := nearest(str(exc.name), dir(exc.obj), ALIKE)):
        return None
    told = f"the description {place(path, exc)} asks the plugin for {exc.name!r}, which it does not offer{near}"
    return {"file": path, "told": told}


def said(exc: BaseException) -> str:
    """Return an exception in one line, by its class and its words."""
    words = " ".join(str(exc.msg if isinstance(exc, SyntaxError) else exc).split())
    return f"{type(exc).__name__}: {words}" if words else type(exc).__name__


def place(path: str, exc: BaseException) -> str:
    """Return the file with the last of its lines that an exception went through, or where its text cannot be read."""
    if isinstance(exc, SyntaxError) and exc.filename == path:
        return f"{path}:{exc.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(exc.__traceback__) if frame.filename == path]
    return f"{path}:{lines[-1]}" if lines else path
