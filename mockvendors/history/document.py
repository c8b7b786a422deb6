"""A history in Markdown: who was judged and how it went, what changed and why, and all that any case says of anyone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from mockvendors.history import known
from mockvendors.history.cells import names, said, together, with_source
from mockvendors.history.changes import Change
from mockvendors.history.plan import Explanation, Plan
from mockvendors.report import markup
from mockvendors.report.lines import Report
from mockvendors.report.matrix import Matrix, Row, matrix
from mockvendors.report.words import counted, place, time_limits

SHORT = {"not claimed": "-", "": "·"}
"""Words of cells that would make a table wider than they tell."""
LEGEND = "- not claimed · **bold** another outcome than in the column before"
UNEXPLAINED = "unexplained"


def render(plan: Plan, reports: Mapping[str, Report], found: Sequence[Change]) -> str:
    """Return the document; `reports` by what each is called."""
    reports = {label: reports[label] for label in plan.implementations}
    rows = _rows(reports)
    telling = [row for row in rows if row.differs or set(row.outcomes) != {"pass"}]
    blocks = [
        _by_what(reports.values()),
        _who(reports),
        "## What changed",
        *_changes(plan, found),
        *known.tables(plan, reports),
        "## Cases that do not pass everywhere",
        f"{counted(len(telling))} of {len(rows)}; the other {len(rows) - len(telling)} pass everywhere. {LEGEND}",
        _table(telling, list(reports)),
        markup.fold(f"all {counted(len(rows))}", _table(rows, list(reports))),
    ]
    return "\n\n".join(blocks) + "\n"


# who was judged


def _by_what(reports: Iterable[Report]) -> str:
    """Return when, by what and where was judged; of what is the same for all it says one."""
    headers = [report.header for report in reports]
    days = sorted({header.time[:10] for header in headers})
    rooms = [header.environment.livekit for header in headers]
    suites = [suite for header in headers for suite in header.suites]
    told = [
        f"Judged {' to '.join(dict.fromkeys((days[0], days[-1])))}",
        *(f"mockvendors {header.mockvendors}" for header in headers),
        *(f"commit {suite.commit}" for suite in suites if suite.commit),
        *(f"suite {suite.digest.removeprefix('sha256:')[:12]}" for suite in suites),
        *(f"{suite.vendor} contract {suite.contract}" for suite in suites),
        *(f"LiveKit {room.version}" for room in rooms if room is not None and room.version),
        *(header.environment.platform.partition("-")[0] for header in headers),
        *(time_limits(header.environment.time_scale) for header in headers),
    ]
    return " · ".join(map(markup.plain, dict.fromkeys(told)))


def _who(reports: Mapping[str, Report]) -> str:
    """Return a table of who was judged, with and in what, and how many cases said what."""
    words = sorted({outcome for report in reports.values() for outcome in _outcomes(report)}, key=place)
    rows = [
        [
            f"**{markup.plain(label)}**",
            markup.plain(f"{each.name} {each.version}".strip()),
            markup.plain(each.pairing or f"{each.framework} {each.framework_version}".strip()),
            markup.plain(each.runtime),
            *(str(_outcomes(report).count(word) or "") for word in words),
        ]
        for label, report in reports.items()
        for each in report.header.implementations
    ]
    return markup.table(["", "who", "with", "in", *words], rows)


def _outcomes(report: Report) -> list[str]:
    return [line.outcome for line in report.cases]


# what changed


def _changes(plan: Plan, found: Sequence[Change]) -> Iterator[str]:
    """Yield what changed between neighbours: first what nobody explained, then each reason in the order of the plan."""
    for between in pairwise(plan.implementations):
        here = [change for change in found if change.between == between]
        title = " → ".join(map(markup.plain, between))
        yield f"### {title}: {f'{counted(len(here))}' if here else 'nothing'}"
        for told in dict.fromkeys(map(_told, (None, *plan.change))):
            alike = [change for change in here if _told(change.explanation) == told]
            if not alike:
                continue
            yield told
            yield markup.table(["case", *map(markup.plain, between), "because"], _rows_of(alike))


def _told(explanation: Explanation | None) -> str:
    if explanation is None:
        return f"**{UNEXPLAINED}**"
    return with_source(explanation.why, explanation.source)


def _rows_of(alike: Sequence[Change]) -> Iterator[list[str]]:
    """Yield a row for cases of one function that changed in one way; of what they say the first stands for all."""
    for row in together(alike, lambda change: change.outcomes):
        first = row[0]
        worse = min((first.after, first.before), key=lambda line: place(line.outcome))
        yield [names(row), *first.outcomes, said(worse)]


# all that was said


def _rows(reports: Mapping[str, Report]) -> list[Row]:
    """Return the matrix's rows, their columns in the order of `reports`."""
    found = matrix(list(reports.values()))
    order = _order(found, reports)
    return [
        Row(
            case=row.case,
            rule=row.rule,
            verdicts=[row.verdicts[each] for each in order],
            outcomes=[row.outcomes[each] for each in order],
            changed=[row.changed[each] for each in order],
            differs=row.differs,
        )
        for row in found.rows
    ]


def _order(found: Matrix, reports: Mapping[str, Report]) -> list[int]:
    files = [column.file for column in found.columns]
    return [files.index(report.file) for report in reports.values()]


def _table(rows: Iterable[Row], labels: Sequence[str]) -> str:
    crowds = together(rows, lambda row: (row.rule, *row.outcomes))
    lines = ([names(alike), markup.code(alike[0].rule), *_cells(alike[0].outcomes)] for alike in crowds)
    return markup.table(["case", "rule", *map(markup.plain, labels)], lines)


def _cells(outcomes: Sequence[str | None]) -> Iterator[str]:
    before: str | None = None
    for outcome in outcomes:
        word = SHORT.get(outcome or "", outcome or "")
        yield f"**{word}**" if before is not None and outcome is not None and outcome != before else word
        before = outcome
