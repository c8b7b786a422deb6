"""The place of a history in a document: between two marks, all around which is somebody's own."""

from pathlib import Path

from mockvendors.errors import UsageFault
from mockvendors.files import write_whole

BEGIN = "<!-- history: begin, written by mockvendors history -->"
END = "<!-- history: end -->"
_REMEDY = f"Write these two lines where it is to stand, once: {BEGIN} and {END}"


def check(path: Path) -> None:
    """Raise UsageFault where a document has no place for a history."""
    _parts(path)


def put(path: Path, text: str) -> None:
    """Write a text between the marks, and leave the rest as it is. Raises UsageFault, EnvironmentFault."""
    before, after = _parts(path)
    write_whole(path, f"{before}{BEGIN}\n{text.strip()}\n{END}{after}".encode(), remedy="Make room, or leave --write out")


def _parts(path: Path) -> tuple[str, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as exc:
        raise UsageFault(f"the document {path} cannot be read: {exc.strerror}", _REMEDY) from exc
    except UnicodeDecodeError as exc:
        raise UsageFault(f"the document {path} is not UTF-8", "Name another one") from exc
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or text.count(BEGIN) > 1 or text.count(END) > 1:
        raise UsageFault(f"the document {path} has no place for a history", _REMEDY)
    return before, after
