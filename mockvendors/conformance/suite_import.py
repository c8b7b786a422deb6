"""A file of cases that cannot be imported: told in one paragraph with its line, where pytest shows a traceback through itself."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockvendors import paths
from mockvendors.conformance import described, traits
from mockvendors.conformance.traits import Traits
from mockvendors.errors import MockvendorsError, UsageFault
from mockvendors.nearest import beside, near
from mockvendors.owner import last_line
from mockvendors.registry import names, registration, suite

MARK = "mockvendors.conformance"
"""What a file imports that holds cases."""
UNEXPECTED = re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
REMEDY = "Correct it: nothing is judged by a part of a suite (docs/add-a-vendor.md)"


def fault(collector: pytest.Collector, error: BaseException) -> UsageFault | None:
    """Return what is wrong with a file of cases; None where the file holds none, and pytest tells it in its own way."""
    path: Path | None = getattr(collector, "path", None)
    if path is None or not path.is_file() or not holds_cases(path):
        return None
    cause = error.__cause__ if isinstance(error, pytest.Collector.CollectError) and error.__cause__ is not None else error
    return _unloadable(path, cause)


def read_traits(vendor: str) -> Traits:
    """Return the traits of a vendor's suite, from its own file alone. Raises UsageFault where it cannot be loaded."""
    path = suite(vendor) / "traits.py"
    spec = importlib.util.spec_from_file_location(f"{vendor}_traits", path)
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018 - it is a Python file
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise _unloadable(path, error) from error
    found = next((value for value in vars(module).values() if isinstance(value, Traits)), None)
    if found is None:
        raise UsageFault(f"{path} holds no Traits", "Write `NAME = Traits(...)` there (docs/add-a-vendor.md)")
    return found


def _unloadable(path: Path, error: BaseException) -> UsageFault:
    return UsageFault(f"The suite in {path.parent.name} cannot be loaded: {_place(path, error)}: {_what(error)}", REMEDY)


def holds_cases(path: Path) -> bool:
    """Tell whether a file is one of a suite: it lies in the folder of a vendor's, or it imports what cases are made of."""
    if path.parent in set(_suites()):
        return True
    try:
        return MARK in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _suites() -> Iterator[Path]:
    """Yield the folders of all suites; a package that cannot be loaded has none here, and is told elsewhere."""
    yield from (folder for folder in paths.suites().iterdir() if folder.is_dir())
    for vendor in names():
        try:
            folder = registration(vendor).suite
        except MockvendorsError:
            continue
        if folder is not None:
            yield folder.resolve()


def _place(path: Path, error: BaseException) -> str:
    """Return file and line: the last of the suite's own that the error went through, or where its text cannot be read."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    return last_line(path.parent, error.__traceback__) or str(path)


def _what(error: BaseException) -> str:
    """Say what went wrong in one line, with the name that may have been meant."""
    if isinstance(error, MockvendorsError):
        return str(error)
    said = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    if (found := UNEXPECTED.search(said)) is not None:
        cls = getattr(described, found[1], getattr(traits, found[1], None))
        told += beside(near(found[2], getattr(cls, "__dataclass_fields__", {})))
    elif isinstance(error, AttributeError) and error.obj is not None:
        told += beside(near(str(error.name), [name for name in dir(error.obj) if not name.startswith("_")]))
    return told
