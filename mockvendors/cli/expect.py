"""`mockvendors expect`: the list of an implementation's known failures, made true by the report of a run."""

import difflib
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.errors import HarnessFault, UsageFault

if TYPE_CHECKING:
    from mockvendors.conformance.expectations import Expectation
    from mockvendors.conformance.expectations_update import Run, Update
    from mockvendors.report.lines import Implementation, Report

EPILOG = """\b
Examples:
  mockvendors check anam --implementation agents:. --expectations known.toml \\
      --report run.jsonl
  mockvendors expect update --from run.jsonl known.toml
      known.toml as the run was: what still fails as listed keeps its reason, what passes goes, what is new comes
  mockvendors expect update --from run.jsonl known.toml --check
      prints the difference, writes nothing; exit code 1 if there is one
  mockvendors expect update --from run.jsonl known.toml \\
      --reason "before the rewrite, issue 12"
      the reason of what is new, else a placeholder: a run refuses it until you write a reason in its place

Entries stay as they are written, with the comments right above them, sorted by case; other comments than that and the one at the
head of the file go. An entry for other versions or machines than the report's stays, and so does one whose cases were not judged.
docs/expectations.md tells all of it.

\b
Exit codes:
  0  written, or nothing to change
  1  with --check: there is something to change
  4  wrong input: no report, a cut one, several implementations in it, a list that is no TOML
  7  the disk refuses the file
"""

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="Keep a list of known failures true.")


@app.callback()
def _group() -> None:
    """Keep a list of known failures true."""


@app.command(epilog=EPILOG, short_help="Write the list as a run was.")
def update(
    file: Annotated[
        Path | None, typer.Argument(help="The list; by default the one that the run was held against.", metavar="FILE.toml")
    ] = None,
    *,
    report: Annotated[Path, typer.Option("--from", help="What --report wrote.", metavar="REPORT.jsonl")],
    implementation: Annotated[str, typer.Option(help="Of a report of several: whose list it is.", metavar="KIND:WHAT")] = "",
    reason: Annotated[str, typer.Option(help="Why the new entries fail.", metavar="TEXT")] = "",
    check: Annotated[bool, typer.Option("--check", "--dry-run", help="Print the difference; write nothing.")] = False,
) -> None:
    """Write a list of known failures from the report of a run."""
    from mockvendors.conformance import expectations, expectations_text, expectations_update  # noqa: PLC0415 - `--help` is quick
    from mockvendors.files import write_whole  # noqa: PLC0415 - as above
    from mockvendors.report.read import read  # noqa: PLC0415 - as above

    read_report = read(report)
    who = _who(read_report, implementation)
    path = file or _listed(read_report, who)
    before = expectations.read(path) if path.exists() else ""
    listed = expectations.parse(path, before)
    run = _run(read_report, who)
    found = expectations_update.update(listed, run, reason.strip() or expectations.PLACEHOLDER)
    after = expectations_text.rewritten(before or _head(who), found)
    if sorted(map(repr, expectations.parse(path, after))) != sorted(map(repr, found.entries)):
        raise HarnessFault(f"what would be written to {path} is not what was meant: nothing was written", "Report it")
    if check:
        sys.stdout.write(_difference(path, before, after) or f"{path}: nothing to change\n")
        raise typer.Exit(int(after != before))
    if after != before:
        write_whole(path.resolve(), after.encode(), f"the expectations file {path}", "Make room, or name another file")
    for line in _told(path, found, changed=after != before):
        typer.echo(line)
    for line in _notes(path, run, found, cut=expectations_text.cut(before).blocks is not None):
        typer.echo(f"note: {line}", err=True)


def _who(report: "Report", asked: str) -> "Implementation":
    """Return whose list it is."""
    named = {each.connect: each for each in report.header.implementations}
    if not asked and len(named) > 1:
        raise UsageFault(f"{report.file} is of {len(named)} implementations", f"Name one by --implementation: {', '.join(named)}")
    connect = asked or next(iter(named), "")
    if connect not in named:
        near = get_close_matches(connect, named, 1, 0.4)
        raise UsageFault(
            f"{report.file} has nothing of {connect!r}", f"It has {near[0] if near else ', '.join(named) or 'nobody'}"
        )
    if not any(case.implementation == connect for case in report.cases):
        why = f": {report.footer.refusals[0]}" if report.footer.refusals else ""
        raise UsageFault(f"{report.file} judges nothing of {connect}{why}", "Write it again")
    return named[connect]


def _listed(report: "Report", who: "Implementation") -> Path:
    """Return the list that the run was held against."""
    if who.expectations is None or not Path(who.expectations.file).is_file():
        held = f"; {who.expectations.file} is not below this folder" if who.expectations is not None else ""
        raise UsageFault(f"no file is named{held}", f"Write mockvendors expect update --from {report.file} known.toml")
    return Path(who.expectations.file)


def _run(report: "Report", who: "Implementation") -> "Run":
    from mockvendors.conformance.expectations_update import Run  # noqa: PLC0415 - as above

    judged = next(each for each in report.footer.judged if each.implementation == who.connect)
    machine = report.header.environment
    return Run(
        cases=tuple(sorted((each for each in report.cases if each.implementation == who.connect), key=lambda each: each.case)),
        version=who.version or "0",
        here={
            "os": machine.os or machine.platform.partition("-")[0].lower().replace("macos", "darwin"),
            "kind": who.connect.partition(":")[0],
            "framework": who.framework,
        },
        whole=judged.complete if judged.whole is None else judged.whole,
    )


def _head(who: "Implementation") -> str:
    return (
        f"# Known failures of {who.name or who.connect}. None is excused by being listed: a run with an entry met stays green,\n"
        "# and is not conformant. `mockvendors expect update` keeps the list true.\n"
    )


def _difference(path: Path, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(path), f"{path} (as the run was)", lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _told(path: Path, found: "Update", *, changed: bool) -> Iterator[str]:
    """Yield what became of the list."""
    kept = [fate for fate in found.fates if not fate.why]
    gone = [fate for fate in found.fates if fate.why and not fate.stays]
    exact = [fate for fate in found.fates if fate.why and fate.stays]
    counts = ((len(kept), "kept"), (len(found.added), "new"), (len(exact), "made exact"), (len(gone), "removed"))
    told = ", ".join(f"{number} {word}" for number, word in counts if number) or "no known failure"
    told += ", sorted" if changed and found.fates and not (found.added or exact or gone) else ""
    yield f"{path}: {told}" if changed else f"{path}: nothing to change: {told}"
    yield from (f"  new: {_named(entry)}" for entry in found.added)
    yield from (f"  made exact: {_named(fate.entry)}: {fate.why}" for fate in exact)
    yield from (f"  removed: {_named(fate.entry)}: {fate.why}" for fate in gone)


def _named(entry: "Expectation") -> str:
    return f"{entry.match} ({', '.join(filter(None, [entry.outcome.value, entry.rule, entry.versions]))})"


def _notes(path: Path, run: "Run", found: "Update", *, cut: bool) -> Iterator[str]:
    """Yield what a person has to know or do."""
    from mockvendors.conformance.expectations import PLACEHOLDER  # noqa: PLC0415 - as above

    if not cut:
        yield f"{path} was not written as [[expected]] tables one below the other: of its comments only the first is kept"
    if unjudged := sum(case.outcome in {"error", "not verified"} for case in run.cases):
        yield f"{unjudged} {'case was' if unjudged == 1 else 'cases were'} not judged: nothing was changed for them"
    if not run.whole:
        yield "a part of the suite ran: entries of the other cases stay as they are"
    if waiting := sum(entry.reason == PLACEHOLDER for entry in found.entries):
        yield f"{waiting} without a reason: write one in place of {PLACEHOLDER!r}, or no run takes the list"
