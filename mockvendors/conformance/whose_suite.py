"""Whose a mistake in a suite is: ours, to be reported, where the suite or the case is; else the suite is named."""

import sys
from pathlib import Path

from mockvendors import paths
from mockvendors.errors import HarnessFault, VendorFault
from mockvendors.owner import is_theirs


def fault(vendor: str, folder: Path, told: str, remedy: str) -> HarnessFault:
    """Return the fault of the suite in a folder; `remedy` is for whoever writes it."""
    if is_ours(folder):
        return HarnessFault(f"{told}, in mockvendors' own suite of {vendor}", "Report it")
    return VendorFault(told, remedy, whose=f"the suite of {vendor}")


def is_ours(folder: Path) -> bool:
    """Tell whether a suite is part of mockvendors."""
    return folder.resolve().is_relative_to(paths.suites())


def writer(folder: Path) -> Path:
    """Return the folder of who wrote what runs now: that of the suite where a line below it led here, else of our own suites.

    Cases that a suite inherits are ours, whoever runs them.
    """
    frame = sys._getframe()  # noqa: SLF001 - inspect.stack() reads the source of each line
    while frame is not None:
        if is_theirs(Path(frame.f_code.co_filename), folder):
            return folder
        frame = frame.f_back  # type: ignore[assignment]  # None at the end
    return paths.suites()
