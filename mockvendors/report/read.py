"""Reading a report: whole, or refused in one line with file, place and remedy."""

from pathlib import Path

import msgspec

from mockvendors.errors import UsageFault
from mockvendors.report.agreement import contradictions
from mockvendors.report.lines import SCHEMA, Case, Footer, Header, Report

AGAIN = "Run again with --report (mockvendors check) or --conformance-report (pytest)"
WRITES = "mockvendors check VENDOR --report FILE writes one, and so does pytest --conformance-report FILE"


class _Version(msgspec.Struct):
    """The little that a header of any version has."""

    type: str = ""
    schema: int = 0


def read(path: Path) -> Report:
    """Return the report in a file. Raises UsageFault where there is none, it was cut or edited, or is of another schema."""
    lines = _text(path).removesuffix("\n").split("\n")  # not splitlines: a text may hold what that takes for a line's end
    _check_version(path, lines[0])
    parsed = [_parsed(path, number, line) for number, line in enumerate(lines, 1)]
    header, cases, footer = parsed[0], parsed[1:-1], parsed[-1]
    if not isinstance(footer, Footer):
        raise UsageFault(f"{path} ends without a footer: the run that wrote it was cut, or the file was", AGAIN)
    for number, line in enumerate(cases, 2):
        if not isinstance(line, Case):
            raise UsageFault(f"{path}:{number}: a {type(line).__name__.lower()} among the cases", "One report a file")
    if not isinstance(header, Header) or footer.cases != len(cases):
        raise UsageFault(f"{path} holds {len(cases)} cases, and its footer speaks of {footer.cases}: it was edited", AGAIN)
    found = Report(file=str(path), header=header, cases=[line for line in cases if isinstance(line, Case)], footer=footer)
    if contradiction := next(contradictions(found), None):
        raise UsageFault(f"{path}:{contradiction.line}: {contradiction.what}: it was edited", AGAIN)
    return found


def is_report(path: Path) -> bool:
    """Tell whether a file begins as a report does, of whatever version."""
    try:
        with path.open("rb") as file:
            head = msgspec.json.decode(file.readline(), type=_Version)
    except (OSError, ValueError):
        return False
    return head.type == "header" and head.schema > 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise UsageFault(f"the report {path} cannot be read: {exc.strerror or exc}", WRITES) from exc
    except UnicodeDecodeError as exc:
        raise UsageFault(f"{path} is no report: it is not UTF-8", WRITES) from exc


def _check_version(path: Path, line: str) -> None:
    try:
        head = msgspec.json.decode(line, type=_Version)
    except ValueError:
        head = _Version()
    if head.type != "header" or not head.schema:
        raise UsageFault(f"{path} is no report: its first line is no header", WRITES)
    if head.schema != SCHEMA:
        newer = head.schema > SCHEMA
        remedy = "Update mockvendors" if newer else AGAIN
        raise UsageFault(f"{path} is of schema {head.schema}, and this mockvendors reads {SCHEMA}", remedy)


def _parsed(path: Path, number: int, line: str) -> Header | Case | Footer:
    try:
        return msgspec.json.decode(line, type=Header | Case | Footer)
    except ValueError as exc:  # also of msgspec's own errors
        raise UsageFault(f"{path}:{number}: no line of a report ({exc}): it was cut or edited", AGAIN) from exc
