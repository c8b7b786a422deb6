"""A view in a terminal: plain text of a given width."""

from collections.abc import Iterable, Iterator, Sequence

from mockvendors.report import run_words
from mockvendors.report.lines import Case
from mockvendors.report.matrix import Column, Group, Matrix, alikes, groups
from mockvendors.report.view import Verdict, View
from mockvendors.report.words import (
    FAILURES,
    SELF_REPORTED,
    SIGNS,
    counted,
    counts,
    folded,
    marked,
    printable,
    witnessed,
)

CHANGED = "→ "
"""Before the verdict of a version whose outcome is another than that of the version before."""
MISSING = "·"
"""Where a case did not run."""
_GAP = "  "


def render(view: View, width: int) -> str:
    """Return the view as text, each line of it with an end."""
    lines: list[str] = []
    for run in view.runs if not view.matrix or view.verdicts else ():
        lines += [run_words.where(run), *run_words.problems(run), ""]
    for verdict in view.verdicts:
        lines += [*_verdict(verdict), ""]
    if view.matrix is not None:
        lines += _matrix(view.matrix, width, told=bool(view.verdicts))
    return "\n".join(map(printable, lines)).rstrip("\n") + "\n"


def _verdict(verdict: Verdict) -> Iterator[str]:
    yield f"verdict on {verdict.implementation}"
    if told := run_words.environment(verdict.implementation):
        yield f"  {told}"
    yield f"  {counts(verdict.judged.counts.items())}"
    for line in verdict.cases:
        if line.verdict in FAILURES:
            yield from _failure(line)
    for kind in ("stale", "expected", "warn"):
        yield from (f"  {kind}: {line.case}: {line.reason}" for line in verdict.cases if line.verdict == kind)
    for kind in ("not verified", "not claimed"):
        yield from _left_out(kind, [line for line in verdict.cases if line.verdict == kind])
    if verdict.judged.profile:
        yield f"profile: {verdict.judged.profile_told}"
    yield f"conformant: {verdict.judged.conformance}"


def _failure(line: Case) -> Iterator[str]:
    yield f"  {line.verdict}: {line.case}{'' if line.scored else ' (not scored)'}"
    level = f" [{line.level}]" if line.level else ""
    told = (
        (f"rule{level}" if line.actual else "why", line.reason),
        ("seen", line.seen),
        ("expected", line.expected),
        ("actual", line.actual),
        ("witness", witnessed(line.witness)),
        ("reproduce", line.reproduce),
    )
    for name, text in told:
        first, *more = text.splitlines() or [""]
        if text:
            yield f"      {name + ':':10} {first}".rstrip()
            yield from (f"        {each}" for each in more)


def _left_out(kind: str, lines: Sequence[Case]) -> Iterator[str]:
    """Yield a line a reason: of what was not judged the reason says more than the names."""
    for reason in dict.fromkeys(line.reason for line in lines):
        yield f"  {kind}: {counted(sum(line.reason == reason for line in lines))}: {reason}"


# several implementations


def _matrix(matrix: Matrix, width: int, *, told: bool) -> Iterator[str]:
    """Yield the matrix; `told`: what each implementation ran with stands above."""
    found = groups(matrix.rows)
    letters = _letters(matrix.columns, width)
    labels = letters or [column.label for column in matrix.columns]
    cells = {id(group): _cells(group, short=False) for group in found}
    widths = _widths(labels, cells.values())
    short = sum(widths) + len(_GAP) * len(widths) > width
    if short:
        cells = {id(group): _cells(group, short=True) for group in found}
        widths = _widths(labels, cells.values())
    if legend := [*_who(matrix, letters, told=told), *_legend(matrix, short=short)]:
        yield from [*legend, ""]
    yield _GAP.join(label.ljust(size) for label, size in zip(labels, widths, strict=True)).rstrip()
    for group in found:
        yield _GAP.join(cell.ljust(size) for cell, size in zip(cells[id(group)], widths, strict=True)).rstrip()
        yield from (f"    {name}" for name in _names(group))
    if not found:
        yield "no case differs"
    yield ""
    for column, label in zip(matrix.columns, labels, strict=True):
        profile = f"{column.judged.profile_told} · " if column.judged.profile else ""
        yield f"{label}: {counts(column.judged.counts.items())} · {profile}conformant: {column.judged.conformance}"
    yield from (f"note: {note}" for note in matrix.notes)


def _cells(group: Group, *, short: bool) -> list[str]:
    told = []
    for verdict, changed in zip(group.first.verdicts, group.first.changed, strict=True):
        word = MISSING if verdict is None else SIGNS.get(verdict, verdict) if short else verdict
        told.append(f"{CHANGED if changed else ''}{word}")
    return told


def _widths(labels: Sequence[str], cells: Iterable[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(labels, *cells, strict=True)]


def _names(group: Group) -> list[str]:
    """Return the cases of a group; those that pass everywhere are only counted."""
    if set(group.first.verdicts) == {"pass"}:
        return [counted(len(group.rows))]
    told = []
    for rule, witness, alike in alikes(group.rows):
        names = folded([row.case for row in alike])
        told += [f"{marked(name, witness)}  {rule}".rstrip() for name in names]
    return sorted(told)


def _letters(columns: Sequence[Column], width: int) -> list[str]:
    """Return letters for the columns where their labels do not fit into one line."""
    if sum(len(column.label) + len(_GAP) for column in columns) <= width:
        return []
    return [f"[{number}]" for number, _ in enumerate(columns, 1)]


def _who(matrix: Matrix, letters: Sequence[str], *, told: bool) -> Iterator[str]:
    names = dict.fromkeys(f"{column.implementation.name}" for column in matrix.columns)
    if matrix.versions:
        yield f"{next(iter(names))}, from the oldest version to the newest"
    for letter, column in zip(letters, matrix.columns, strict=False):
        yield f"{letter} {column.label}"
    for column in matrix.columns:
        if not told and (environment := run_words.environment(column.implementation)):
            yield f"{column.label}: {environment}"


def _legend(matrix: Matrix, *, short: bool) -> Iterator[str]:
    used = {verdict for row in matrix.rows for verdict in row.verdicts}
    if short:
        yield "  ".join(f"{sign} {verdict}" for verdict, sign in SIGNS.items() if verdict in used)
    if any(any(row.changed) for row in matrix.rows):
        yield f"{CHANGED.strip()} another outcome than in the column before"
    if any(marked("", row.witness) for row in matrix.rows if set(row.verdicts) != {"pass"}):
        yield f"{SELF_REPORTED} self-reported: on the word of the driver alone"
    if None in used:
        yield f"{MISSING} did not run"
