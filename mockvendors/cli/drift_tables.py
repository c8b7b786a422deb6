"""What `mockvendors drift` prints for people."""

import re
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from mockvendors.cassettes.age import in_words
from mockvendors.cli.tables import folded
from mockvendors.drift.report import NO_EVIDENCE
from mockvendors.report.words import counted

if TYPE_CHECKING:
    from mockvendors.drift.report import Change, Recorded, Report

_INDENT = 13
_SAME = ((re.compile(r"interaction \d+"), "another request"), (re.compile(r"was asked for .+", re.DOTALL), "was asked for it"))
"""Reasons that differ in nothing else are one."""
_SAYS = {
    "accepted": "the recorded answer accepts what the mock refuses",
    "refused": "the recorded answer refuses what the mock accepts",
    "status": "another status",
    "header": "another header",
    "body": "another kind of body",
    "missing": "a field that the recorded answer lacks",
    "added": "a field that the contract does not know",
    "renamed": "a field under another name",
    "type": "another type",
    "value": "a value that the contract does not allow",
    "text": "another text",
    "rule": "another rule is named",
}


def show(report: "Report", *, verbose: bool) -> None:
    """Print a report; `verbose`: with the place of each request that was not compared."""
    write = sys.stdout.write
    write(folded(f"Recordings of {report.vendor}, held against {report.contract}, version {report.version}", "", 0) + "\n\n")
    Console(file=sys.stdout, highlight=False, soft_wrap=False).print(_recordings(report))
    for number, finding in enumerate(report.findings, 1):
        write(f"\n{number}. {finding.what}: {_SAYS[finding.what]}\n" + "\n".join(_finding(finding)) + "\n")
    missed = _each(report) if verbose else _by_reason(report)
    for title, lines in (
        ("not compared", [*missed, *_missing(report)]),
        ("confirmed by the vendor's own answers", _confirmed(report)),
    ):
        if lines:
            write(f"\n{title}\n" + "\n".join(folded(line, "  ", 4) for line in lines) + "\n")
    write(f"\n{_verdict(report)}\n")


def _recordings(report: "Report") -> Table:
    table = Table(box=None, pad_edge=False, header_style="")
    for name in ("recording", "recorded", "age", "of"):
        table.add_column(name, overflow="fold")
    for name in ("requests", "compared", "agree"):
        table.add_column(name, justify="right")
    for one in report.recordings:
        of = one.upstream if one.is_evidence else NO_EVIDENCE
        table.add_row(one.name, one.recorded[:10], _age(one), of, str(one.requests), str(one.compared), str(one.agreeing))
    return table


def _age(one: "Recorded") -> str:
    days = in_words(timedelta(days=one.age_days))
    return f"{days}, too old" if one.too_old else days


def _finding(finding: "Change") -> "list[str]":
    lines = [("recorded", finding.recorded), ("mock", finding.mock)]
    lines += [("agrees with", f"--set {finding.setting}")] if finding.setting else []
    lines += [("change", f"{one.id} [{one.level}] {one.text}" if one.level else one.id) for one in finding.change]
    lines += [("seen", ", ".join(finding.places) + ("" if finding.is_evidence else " (no evidence)"))]
    return [folded(text, f"   {name}".ljust(_INDENT + 2), _INDENT + 2) for name, text in lines]


def _by_reason(report: "Report") -> "list[str]":
    """Return a line for each reason, with how many requests it concerns and one of them."""
    same: dict[str, list[str]] = {}
    for one in report.recordings:
        for request in one.not_compared:
            place = f"{one.name}/{request.cassette} #{request.number} {request.operation}"
            same.setdefault(_plain(request.reason), []).append(place)
    return [
        f"{places[0]}{f' and {len(places) - 1} more (--verbose)' if len(places) > 1 else ''}: {reason}"
        for reason, places in same.items()
    ]


def _plain(reason: str) -> str:
    for form, text in _SAME:
        reason = form.sub(text, reason)
    return reason


def _each(report: "Report") -> "list[str]":
    """Return a line for the requests of one cassette that have the same reason."""
    same: dict[tuple[str, str, str], list[str]] = {}
    for one in report.recordings:
        for request in one.not_compared:
            place = (f"{one.name}/{request.cassette}", request.operation, request.reason)
            same.setdefault(place, []).append(f"#{request.number}")
    return [f"{cassette} {' '.join(numbers)} {operation}: {reason}" for (cassette, operation, reason), numbers in same.items()]


def _missing(report: "Report") -> "list[str]":
    return [f"{one.name}: {counted(one.missing, 'request')} in no cassette" for one in report.recordings if one.missing]


def _confirmed(report: "Report") -> "list[str]":
    return [
        f"{one.id}: {one.level} -> recorded ({one.recording})" if one.updated else f"{one.id} [{one.level}] ({one.recording})"
        for one in report.confirmed
    ]


def _verdict(report: "Report") -> str:
    requests, agree = (sum(getattr(one, name) for one in report.recordings) for name in ("requests", "agreeing"))
    missing = sum(one.missing for one in report.recordings)
    counts = f"{requests} requests: {agree} agree, {report.compared - agree} differ, {requests - report.compared} not compared"
    counts += f", {missing} not recorded" if missing else ""
    updated = sum(one.updated for one in report.confirmed)
    told = [f"{len(report.findings)} finding{'' if len(report.findings) == 1 else 's'}" if report.findings else "no drift"]
    told += [f"{updated} statements are `recorded` now"] if updated else []
    told += [f"too old: {', '.join(report.too_old)}"] if report.too_old else []
    return f"{counts}\n{'; '.join(told)}"
