"""What `mockvendors expect update` says of a list, and what a person has to know or do."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from mockvendors.conformance.expectations import PLACEHOLDER, Expectation
from mockvendors.conformance.expectations_update import Reason, Run, Update
from mockvendors.report.lines import Report
from mockvendors.report.words import counted, ended_early


def checked(path: Path, found: Update, before: str, after: str) -> Iterator[str]:
    """Yield what a list would become, and which of its entries no run takes."""
    waiting = [entry for entry in found.entries if entry.waits]
    if after == before:
        yield f"{path}: nothing to change{', but no run takes it' if waiting else ''}\n"
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(path), f"{path} (as the run was)", lineterm="")
    yield from (f"{line}\n" for line in lines)
    yield from (f"without a reason: {_named(entry)}\n" for entry in waiting)


def told(path: Path, found: Update, *, changed: bool) -> Iterator[str]:
    """Yield what became of the list."""
    kept = [fate for fate in found.fates if not fate.why]
    gone = [fate for fate in found.fates if fate.why and not fate.stays]
    exact = [fate for fate in found.fates if fate.why and fate.stays]
    filled = [fate for fate in found.fates if fate.filled]
    counts = (
        (len(kept), "kept"),
        (len(filled), "given a reason"),
        (len(found.added), "new"),
        (len(exact), "made exact"),
        (len(gone), "removed"),
    )
    said = ", ".join(f"{number} {word}" for number, word in counts if number) or "no known failure"
    said += ", sorted" if changed and found.fates and not (found.added or exact or gone or filled) else ""
    yield f"{path}: {said}\n" if changed else f"{path}: nothing to change: {said}\n"
    yield from (f"  given a reason: {_named(fate.entry)}\n" for fate in filled)
    yield from (f"  new: {_named(entry)}\n" for entry in found.added)
    yield from (f"  made exact: {_named(fate.entry)}: {fate.why}\n" for fate in exact)
    yield from (f"  removed: {_named(fate.entry)}: {fate.why}\n" for fate in gone)


def _named(entry: Expectation) -> str:
    return f"{entry.match} ({', '.join(filter(None, [entry.outcome.value, entry.rule, entry.versions]))})"


def reasons(path: Path, given: Reason, found: Update) -> Iterator[str]:
    """Yield which of the entries that `--reason` means did not get it, for they have one; without --only, where none got it."""
    if not given.text:
        return
    refused = found.refused(given)
    new = [entry for entry in found.added if entry.reason == given.text]
    got = bool(new) or any(fate.filled for fate in found.fates)
    if refused and (given.only or not got):
        told = "has a reason already, and keeps it" if len(refused) == 1 else "have a reason already, and keep it"
        yield f"{len(refused)} {told}: {', '.join(map(_named, refused))}; --reason changes none that is there: write it in {path}"
    elif not got:
        yield "--reason was given to nothing: no entry that it means is without a reason"


def notes(path: Path, report: Report, run: Run, found: Update, *, cut: bool) -> Iterator[str]:
    """Yield what a person has to know or do."""
    if not cut:
        yield f"{path} was not written as [[expected]] tables one below the other: of its comments only the first is kept"
    if len(judged := report.header.implementations) > 1 and (found.added or any(fate.why for fate in found.fates)):
        yield (
            f"the report is of {len(judged)} implementations, and the list is made true for {run.here['implementation']}: "
            'it holds for the others of a run too, unless an entry says when = { implementation = "KIND:WHAT" }'
        )
    if unjudged := sum(case.outcome in {"error", "not verified"} for case in run.cases):
        yield f"{counted(unjudged)} {'was' if unjudged == 1 else 'were'} not judged: nothing was changed for them"
    if not run.whole:
        what = ended_early(report.footer.exit_code) or "a part of the suite ran"
        yield f"{what}: {counted(len(run.cases))} in its report; entries of the other cases stay as they are"
    for fate in found.fates:
        if fate.open:
            yield f"{_named(fate.entry)} stays, though not all of its cases that ran fail so: which others it means nobody knows"
    if waiting := sum(entry.waits for entry in found.entries):
        yield f"{waiting} without a reason: --reason gives one, or write it in place of {PLACEHOLDER!r}; no run takes the list so"
