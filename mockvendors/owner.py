"""Whose a vendor's mock is, and how a fault of it is told: somebody else's package is named, with the line to correct."""

import sys
import traceback
from importlib.metadata import entry_points
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from mockvendors.errors import HarnessFault, VendorFault
from mockvendors.registry import GROUP

OURS = "mockvendors"
"""The package whose vendors are our own."""
OWN = Path(__file__).parent
"""Where it lies."""
INSTALLED = "site-packages"
"""The folder of an environment's packages; somebody's environment may lie below their suite."""


def package(vendor: object) -> str:
    """Return who offers a vendor, as `acme_mock of acme-avatar 0.1.0`; empty where it is one of our own."""
    module = type(vendor).__module__
    top = module.partition(".")[0]
    if top == OURS:
        return ""
    found = [entry for entry in entry_points(group=GROUP) if entry.module.partition(".")[0] == top and entry.dist is not None]
    return f"{module} of {found[0].dist.name} {found[0].dist.version}" if found and found[0].dist else module


def mock_of(vendor: object, name: str) -> str:
    """Return what a mock is called in a fault."""
    whose = package(vendor)
    return f"the mock of {name} ({whose})" if whose else f"the mock of {name}"


def fault(vendor: object, name: str, told: str, error: BaseException | None = None) -> HarnessFault:
    """Return the fault of a mock: a VendorFault where it is somebody else's. `{mock}` in `told` stands for what it is called."""
    whose = package(vendor)
    cause = told.replace("{mock}", mock_of(vendor, name))
    if not whose:
        return HarnessFault(cause, "Report it")
    return VendorFault(cause, f"Correct {place(vendor, error)}", whose=mock_of(vendor, name))


def place(vendor: object, error: BaseException | None = None) -> str:
    """Return the file of a mock, with the last line of it that an error went through."""
    file = getattr(sys.modules.get(type(vendor).__module__), "__file__", None)
    if file is None:
        return type(vendor).__module__
    package = getattr(sys.modules[type(vendor).__module__], "__package__", "")
    line = last_line(Path(file).parent if package else Path(file), error.__traceback__) if error is not None else None
    return line or f"{type(vendor).__qualname__} in {file}"


def last_line(folder: Path, trace: TracebackType | None) -> str | None:
    """Return the last line below a folder (or of a file) that a traceback goes through, as `file.py:12`; None for none."""
    return next((line.place for line in reversed(lines(folder, trace)) if line.theirs), None)


def ends_in(folder: Path, trace: TracebackType | None) -> bool:
    """Tell whether of the lines below a folder and of ours the last that a traceback goes through is below the folder."""
    return any(line.theirs for line in lines(folder, trace)[-1:])


class Line(NamedTuple):
    """A line that a traceback goes through."""

    place: str
    """`file.py:12`"""
    theirs: bool
    """It is below the folder that is asked about, and not of this package."""


def lines(folder: Path, trace: TracebackType | None) -> list[Line]:
    """Return the lines below a folder (or of a file) and those of this package that a traceback goes through, in its order."""
    found = []
    for frame in traceback.extract_tb(trace):
        theirs = is_theirs(Path(frame.filename), folder)
        if theirs or Path(frame.filename).is_relative_to(OWN):
            found.append(Line(f"{frame.filename}:{frame.lineno}", theirs))
    return found


def is_theirs(file: Path, folder: Path) -> bool:
    """Tell whether a file is below a folder (or is it), and no part of an environment that lies there.

    Files of ours are none of somebody else's, also where we are installed below that folder; of a folder of ours they are its.
    """
    if not file.is_relative_to(folder) or INSTALLED in file.relative_to(folder).parts:
        return False
    return folder.is_relative_to(OWN) or not file.is_relative_to(OWN)
