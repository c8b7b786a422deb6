"""Writing a report: beside its place first, and put there whole."""

import os
import shlex
from pathlib import Path

import msgspec

from mockvendors.errors import UsageFault
from mockvendors.files import write_whole
from mockvendors.report.lines import Report
from mockvendors.report.read import is_report


def write(path: Path, report: Report) -> None:
    """Put a report at `path`: whoever looks sees none or the whole, also when we are killed in between.

    Raises EnvironmentFault where the disk refuses it.
    """
    lines = (report.header, *report.cases, report.footer)
    data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    write_whole(path, data, f"the report {path}", "Make room, or name another file")


def make_way(path: Path) -> None:
    """Remove the report of an earlier run: a run that is cut must not leave it as if it were its own.

    The one folder that it goes into is made, below one that is there; where more is missing the name was probably misspelt.
    Raises UsageFault where a report cannot go, and where something stands that is no report: nothing else is ever overwritten.
    """
    try:
        _make_folder(path)
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(None, "nothing can be written into its folder")
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        if path.exists() and not is_report(path):
            raise UsageFault(f"the report {path} is there already, and is no report", "Name another file, or remove it")
        path.unlink(missing_ok=True)
    except OSError as exc:
        raise UsageFault(f"the report {path} cannot be written: {exc.strerror or exc}", "Name another file") from exc


def _make_folder(path: Path) -> None:
    folder = path.parent
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    if missing and (len(missing) > 1 or missing[0].parent == Path(folder.anchor)):
        told = f"the report {path} cannot be written: there is no folder {missing[-1]}"
        raise UsageFault(told, f"Name another file, or make the folder: mkdir -p {shlex.quote(str(folder))}")
    folder.mkdir(exist_ok=True)
