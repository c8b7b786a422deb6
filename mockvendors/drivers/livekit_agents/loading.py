"""Imports what is driven, and says why that cannot be."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .errors import Refused

MAYBE = 0.6
"""Likeness of two names, from 0 to 1, from which on one may be meant by the other."""


def load(module: str) -> Any:
    """Import a module by its name, or a Python file by its path."""
    return load_file(module) if module.endswith(".py") else importlib.import_module(module)


def load_file(path: str) -> Any:
    """Import a Python file by its path, under its own name; its neighbours can be imported, as when it is run by hand."""
    folder = str(Path(path).resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def unloadable(what: str, exc: BaseException) -> Refused:
    """Return the refusal that says so: the caller's mistake, and not the driver's."""
    return Refused({"kind": "configuration", "class": type(exc).__name__, "message": what})


def cannot(what: str, exc: BaseException, module: str) -> Refused:
    """Return the refusal of what an import raised, whose traceback goes to stderr."""
    traceback.print_exc()
    return unloadable(f"{what}: {why_not(exc, module)}", exc)


def why_not(exc: BaseException, module: str) -> str:
    """Return why a module cannot be imported; where it lacks something that it imports itself, what to do."""
    name = exc.name if isinstance(exc, ModuleNotFoundError) else None
    if name and f"{module}.".startswith(f"{name}."):
        return f"{exc}{beside(name)}"
    if name:
        return f"it imports {name}, which its environment lacks ({sys.executable} -m pip install ...)"
    return f"it ends the process ({exc!r})" if isinstance(exc, SystemExit) else str(exc) or repr(exc)


def beside(missing: str) -> str:
    """Return in brackets the name most like a module that is missing, of those installed beside it; empty where none is."""
    above, _, name = missing.rpartition(".")
    if not above:  # too many are installed there, most of them no plugins
        return ""
    places = getattr(sys.modules.get(above), "__path__", ())
    return nearest(name, [each.name for each in pkgutil.iter_modules(places)], MAYBE, f"{above}.")


def nearest(name: str, known: Iterable[str], alike: float, before: str = "") -> str:
    """Return in brackets the name that is meant, with what stands `before` it, to stand behind what is wrong.

    Case does not count; empty where none is `alike`, a likeness from 0 to 1.
    """
    by_case = {each.lower(): each for each in known}
    found = difflib.get_close_matches(name.lower(), by_case, 1, alike)
    return f" (nearest: {before}{by_case[found[0]]})" if found else ""
