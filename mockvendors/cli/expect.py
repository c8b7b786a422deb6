"""`mockvendors expect`: the list of an implementation's known failures, made true by the report of a run."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockvendors.errors import HarnessFault, UsageFault
from mockvendors.nearest import remedy

if TYPE_CHECKING:
    from mockvendors.conformance.expectations_update import Reason, Run, Update
    from mockvendors.report.lines import Implementation, Report

EPILOG = """\b
Examples:
  mockvendors check anam --implementation agents:. --expectations known.toml \\
      --report run.jsonl
  mockvendors expect update --from run.jsonl known.toml
      what still fails as listed keeps its reason, what passes goes, what is
      new comes
  mockvendors expect update --from run.jsonl known.toml --check
      prints the difference, writes nothing; exit code 1 if there is one
  mockvendors expect update --from run.jsonl known.toml \\
      --reason "before the rewrite, issue 12"
      the reason of whatever has none yet, new or listed; else what is new
      has a placeholder, which a run refuses
  mockvendors expect update --from run.jsonl known.toml \\
      --reason "issue 14" --only "test_errors.py::*"
      the reason of those entries alone; * is any text

Entries stay as they are written, with the comments right above them, sorted by case; other comments than that and the one at the
head of the file go. An entry for other versions or machines than the report's stays, and so does one whose cases were not judged.
docs/expectations.md tells all of it.

\b
Exit codes:
  0  written, or nothing to change
  1  with --check: there is something to change, or an entry without a reason
  4  wrong input: no report, a cut or edited one, several implementations in
     it, a list that is no TOML
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
    reason: Annotated[str, typer.Option(help="Why the entries without a reason fail.", metavar="TEXT")] = "",
    only: Annotated[
        list[str] | None, typer.Option(help="Give the reason to these entries alone (repeatable).", metavar="PATTERN")
    ] = None,
    check: Annotated[bool, typer.Option("--check", "--dry-run", help="Print the difference; write nothing.")] = False,
) -> None:
    """Write a list of known failures from the report of a run."""
    from mockvendors.cli import expect_told  # noqa: PLC0415 - `--help` is quick
    from mockvendors.conformance import expectations, expectations_text, expectations_update  # noqa: PLC0415 - as above
    from mockvendors.report.read import read  # noqa: PLC0415 - as above

    given = expectations_update.Reason(_one_line(reason), only or ())
    if given.only and not given.text:
        raise UsageFault("--only says which entries get a reason, and none is given", 'Add --reason "why they fail"')
    read_report = read(report)
    who = _who(read_report, implementation)
    path = file or _listed(read_report, who)
    before = expectations.read(path) if path.exists() else ""
    run = _run(read_report, who)
    found = expectations_update.update(expectations.parse(path, before), run, given)
    _check_only(given, found)
    after = _rewritten(path, before or _head(who), found)
    if not check and after != before:
        _write(path, after)
    checked = expect_told.checked(path, found, before, after)
    sys.stdout.writelines(checked if check else expect_told.told(path, found, changed=after != before))
    told = expect_told.notes(path, read_report, run, found, cut=expectations_text.cut(before).blocks is not None)
    for line in [*expect_told.reasons(path, given, found), *told]:
        typer.echo(f"note: {line}", err=True)
    if check:
        raise typer.Exit(int(after != before or any(entry.waits for entry in found.entries)))


def _rewritten(path: Path, before: str, found: "Update") -> str:
    """Return the list's new text; a HarnessFault where that would not be read as what was found."""
    from mockvendors.conformance import expectations, expectations_text  # noqa: PLC0415 - as above

    after = expectations_text.rewritten(before, found)
    if sorted(map(repr, expectations.parse(path, after))) != sorted(map(repr, found.entries)):
        raise HarnessFault(f"what would be written to {path} is not what was meant: nothing was written", "Report it")
    return after


def _write(path: Path, text: str) -> None:
    from mockvendors.files import write_whole  # noqa: PLC0415 - as above

    write_whole(path.resolve(), text.encode(), f"the expectations file {path}", "Make room, or name another file")


def _who(report: "Report", asked: str) -> "Implementation":
    """Return whose list it is."""
    from mockvendors.report.words import ended_early  # noqa: PLC0415 - as above

    named = {each.connect: each for each in report.header.implementations}
    if not asked and len(named) > 1:
        raise UsageFault(f"{report.file} is of {len(named)} implementations", f"Name one by --implementation: {', '.join(named)}")
    connect = asked or next(iter(named), "")
    if connect not in named:
        raise UsageFault(f"{report.file} has nothing of {connect!r}", remedy(connect, named))
    if not any(case.implementation == connect for case in report.cases):
        told = [*report.footer.refusals, ended_early(report.footer.exit_code)][0]
        why = f": {told}" if told else ""
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
    from mockvendors.report.words import ended_early  # noqa: PLC0415 - as above

    judged = next(each for each in report.footer.judged if each.implementation == who.connect)
    machine = report.header.environment
    return Run(
        cases=tuple(sorted((each for each in report.cases if each.implementation == who.connect), key=lambda each: each.case)),
        version=who.version or "0",
        here={
            "os": machine.os or machine.platform.partition("-")[0].lower().replace("macos", "darwin"),
            "kind": who.connect.partition(":")[0],
            "framework": who.framework,
            "implementation": who.connect,
        },
        whole=(judged.complete if judged.whole is None else judged.whole) and not ended_early(report.footer.exit_code),
    )


def _head(who: "Implementation") -> str:
    return (
        f"# Known failures of {who.name or who.connect}. None is excused by being listed: a run with an entry met stays green,\n"
        "# and is not conformant. `mockvendors expect update` keeps the list true.\n"
    )


def _one_line(text: str) -> str:
    """Return a reason as a list and a summary hold it."""
    return " ".join(text.split())


def _check_only(given: "Reason", found: "Update") -> None:
    """Refuse a pattern of --only that means no entry: a reason that nobody gets was misspelt."""
    from mockvendors.conformance.expectations import meant  # noqa: PLC0415 - as above

    names = [entry.match for entry in found.entries]
    for pattern in given.only:
        if not any(meant(pattern, name) for name in names):
            told = remedy(pattern, names, "* is any text, as in a list")
            raise UsageFault(f"--only {pattern!r} means no entry: nothing was written", told)
