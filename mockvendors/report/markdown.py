"""A view in Markdown, for a pull request or a job's summary: a headline, what failed, the rest folded."""

import html
from collections.abc import Iterator, Sequence

from mockvendors.report import markup, run_words
from mockvendors.report.lines import Case, Judged
from mockvendors.report.matrix import Matrix, Row, alikes, groups
from mockvendors.report.view import Verdict, View
from mockvendors.report.words import FAILURES, SELF_REPORTED, counted, counts, folded, marked, printable, witnessed

IN_FULL = 20
"""So many failures are told in full: a comment on a pull request holds 65,536 characters."""
_SELF = f"{SELF_REPORTED} self-reported: on the word of the driver alone."
_MARKS = {True: "✅", False: "❌", None: "⚪"}


def render(view: View) -> str:
    """Return the view as Markdown."""
    blocks: list[str] = []
    for verdict in view.verdicts:
        blocks += _verdict(verdict)
    if view.matrix is not None:
        blocks += _matrix(view.matrix, told=bool(view.verdicts))
    for run in view.runs if view.matrix is None or view.verdicts else ():
        blocks += ["### ❌ Nothing was judged"] if run.refusals else []
        blocks += [f"> {markup.plain(line)}" for line in run_words.problems(run)]
    blocks += dict.fromkeys(f"<sub>{markup.plain(run_words.where(run))}</sub>" for run in view.runs)
    return "\n".join(map(printable, "\n\n".join(blocks).split("\n"))) + "\n"


def _verdict(verdict: Verdict) -> Iterator[str]:
    judged = verdict.judged
    yield f"### {_MARKS[judged.conformant]} {markup.plain(str(verdict.implementation))}"
    yield f"conformant: **{markup.plain(judged.conformance)}**{_profile(judged)}  \n{counts(judged.counts.items())}"
    if told := run_words.environment(verdict.implementation):
        yield markup.plain(told)
    failures = [line for line in verdict.cases if line.verdict in FAILURES]
    if failures:
        rows = [[_case(line), line.verdict, markup.code(line.rule), *_comparison(line)] for line in failures]
        yield markup.table(["case", "verdict", "rule", "expected", "actual"], rows)
        if any(marked("", line.witness) for line in failures):
            yield _SELF
    yield from (_failure(line) for line in failures[:IN_FULL])
    if (more := len(failures) - IN_FULL) > 0:
        yield f"{counted(more, 'more failure')} {'is' if more == 1 else 'are'} told in full by the report."
    for kind in ("stale", "expected", "warn", "not verified", "not claimed"):
        lines = [line for line in verdict.cases if line.verdict == kind]
        if lines:
            yield markup.fold(f"{len(lines)} {kind}", markup.table(["case", "why"], _reasons(lines)))


def _profile(judged: Judged) -> str:
    return f" ({markup.plain(judged.profile_told)})" if judged.profile else ""


def _case(line: Case) -> str:
    return marked(markup.code(line.case), line.witness) + ("" if line.scored else " (not scored)")


def _comparison(line: Case) -> list[str]:
    """Return what was expected and seen; of what ended without a comparison, why."""
    if not line.actual:
        return ["", markup.code(markup.short(line.reason))]
    return [markup.code(markup.short(line.expected)), markup.code(markup.short(line.actual))]


def _failure(line: Case) -> str:
    told = [line.reason] if line.reason else []
    named = (
        ("level", line.level),
        ("seen", line.seen),
        ("expected", line.expected),
        ("actual", line.actual),
        ("witness", witnessed(line.witness)),
    )
    told += [f"{name + ':':10} {text}" for name, text in named if text]
    told += ["journal:", *(f"  {each}" for each in line.journal)] if line.journal else []
    told += ["driver stderr:", *(f"  {each}" for each in line.stderr)] if line.stderr else []
    told += [line.trace] if line.trace else []
    told += [f"reproduce: {line.reproduce}"] if line.reproduce else []
    return markup.fold(f"{line.verdict}: <code>{html.escape(line.case)}</code>", markup.block("\n".join(told)))


def _reasons(lines: Sequence[Case]) -> Iterator[list[str]]:
    for reason in dict.fromkeys(line.reason for line in lines):
        alike = folded([line.case for line in lines if line.reason == reason])
        yield ["<br>".join(markup.code(case) for case in alike), markup.plain(reason)]


# several implementations


def _matrix(matrix: Matrix, *, told: bool) -> Iterator[str]:
    """Yield the matrix; `told`: what each implementation ran with stands above."""
    names = list(dict.fromkeys(column.implementation.name for column in matrix.columns))
    differing = [row for row in matrix.rows if row.differs]
    about = f"{names[0]} over its versions" if matrix.versions else "Implementations side by side"
    yield f"### {markup.plain(about)}: {counted(len(differing))} {'differs' if len(differing) == 1 else 'differ'}"
    rows = [
        [
            markup.plain(column.label),
            _MARKS[column.judged.conformant],
            markup.plain(column.judged.conformance) + _profile(column.judged),
            counts(column.judged.counts.items()),
        ]
        for column in matrix.columns
    ]
    yield markup.table(["", "conformant", "", ""], rows)
    environments = [(column.label, run_words.environment(column.implementation)) for column in matrix.columns if not told]
    yield from (f"{markup.plain(label)}: {markup.plain(text)}" for label, text in environments if text)
    yield from (f"> {markup.plain(note)}" for note in matrix.notes)
    labels = ["case", "rule", *(markup.plain(column.label) for column in matrix.columns)]
    if differing:
        yield markup.table(labels, [row for group in groups(differing) for row in _rows(group.rows)])
    if any(any(row.changed) for row in differing):
        yield "**Bold**: another outcome than in the column before."
    if any(marked("", row.witness) for row in differing):
        yield _SELF
    alike = [row for row in matrix.rows if not row.differs]
    for group in groups(alike):
        verdicts = list(dict.fromkeys(verdict or "did not run" for verdict in group.first.verdicts))
        words = f"{verdicts[0]} everywhere" if len(verdicts) == 1 else " / ".join(verdicts)
        names = folded([row.case for row in group.rows])
        yield markup.fold(f"{counted(len(group.rows))}: {words}", "\n".join(f"- {markup.code(name)}" for name in names))


def _rows(rows: Sequence[Row]) -> Iterator[list[str]]:
    for rule, witness, alike in alikes(rows):
        cells = [
            f"**{verdict}**" if changed else verdict or ""
            for verdict, changed in zip(alike[0].verdicts, alike[0].changed, strict=True)
        ]
        for name in folded([row.case for row in alike]):
            yield [marked(markup.code(name), witness), markup.code(rule), *cells]
