"""A history in Markdown: who was judged and how it went, what changed and why, and all that any case says of anyone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from mockvendors.history.changes import Change
from mockvendors.history.judged_by import JudgedBy
from mockvendors.history.plan import Explanation
from mockvendors.report import markup
from mockvendors.report.lines import Case, Report
from mockvendors.report.matrix import Matrix, Row, matrix
from mockvendors.report.words import counted, folded, place

SHORT = {"not claimed": "-", "": "·"}
"""Words of cells that would make a table wider than they tell."""
LEGEND = "- not claimed · **bold** another outcome than in the column before"
UNEXPLAINED = "unexplained"


def render(reports: Mapping[str, Report], found: Sequence[Change], by: Sequence[JudgedBy]) -> str:
    """Return the document; `reports` by what each is called, in their order, and `by` whom they were made."""
    rows = _rows(reports)
    telling = [row for row in rows if row.differs or set(row.outcomes) != {"pass"}]
    blocks = [
        *_head(reports, by),
        "## What changed",
        *_changes(reports, found),
        "## Cases that do not pass everywhere",
        f"{counted(len(telling))} of {len(rows)}; the other {len(rows) - len(telling)} pass everywhere. {LEGEND}",
        _table(telling, list(reports)),
        markup.fold(f"all {counted(len(rows))}", _table(rows, list(reports))),
    ]
    return "\n\n".join(blocks) + "\n"


# who was judged


def _head(reports: Mapping[str, Report], by: Iterable[JudgedBy]) -> Iterator[str]:
    headers = [report.header for report in reports.values()]
    suites = dict.fromkeys(f"{suite.vendor} contract {suite.contract}" for header in headers for suite in header.suites)
    days = sorted(header.time[:10] for header in headers)
    when = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    servers = [header.environment.livekit for header in headers]
    versions = dict.fromkeys(f"LiveKit {each.version}" for each in servers if each is not None and each.version)
    commits = dict.fromkeys(f"commit {each.commit}" for each in by if each.commit)
    digests = dict.fromkeys(f"suite {each.digest[:12]}" for each in by)
    own = dict.fromkeys(f"mockvendors {header.mockvendors}" for header in headers)
    platforms = dict.fromkeys(header.environment.platform.partition("-with-")[0] for header in headers)
    yield " · ".join(map(markup.plain, [f"Judged {when}", *own, *commits, *digests, *suites, *versions, *platforms]))
    words = sorted({outcome for report in reports.values() for outcome in _outcomes(report)}, key=place)
    rows = [
        [
            f"**{markup.plain(label)}**",
            markup.plain(" ".join([*filter(None, [each.name, each.version])])),
            markup.plain(each.pairing or f"{each.framework} {each.framework_version}"),
            markup.plain(each.runtime),
            *(str(_outcomes(report).count(word) or "") for word in words),
        ]
        for label, report in reports.items()
        for each in report.header.implementations
    ]
    yield markup.table(["", "who", "with", "in", *words], rows)


def _outcomes(report: Report) -> list[str]:
    return [line.outcome for line in report.cases]


# what changed


def _changes(reports: Mapping[str, Report], found: Sequence[Change]) -> Iterator[str]:
    for between in pairwise(reports):
        here = [change for change in found if change.between == between]
        title = " → ".join(map(markup.plain, between))
        yield f"### {title}: {f'{counted(len(here))}' if here else 'nothing'}"
        for told in dict.fromkeys(_told(change.explanation) for change in here):
            alike = [change for change in here if _told(change.explanation) == told]
            yield told
            yield markup.table(["case", *map(markup.plain, between), "because"], _folded(alike))


def _told(explanation: Explanation | None) -> str:
    if explanation is None:
        return f"**{UNEXPLAINED}**"
    return f"{markup.plain(explanation.why)} ({markup.plain(explanation.source)})"


def _folded(alike: Sequence[Change]) -> Iterator[list[str]]:
    """Yield a row for cases of one function that changed in one way; of what they say the first stands for all."""
    rows: dict[tuple[object, ...], list[Change]] = {}
    for change in alike:
        rows.setdefault((_function(change.case), change.outcomes), []).append(change)
    for together in rows.values():
        first = together[0]
        (name,) = folded([_name(change.case) for change in together])
        yield [markup.code(name), *first.outcomes, markup.plain(markup.short(_said(first)))]


def _said(change: Change) -> str:
    """Return what the less good of the two said."""
    worse = min((change.after, change.before), key=lambda line: place(line.outcome))
    return said(worse)


def said(line: Case) -> str:
    """Return in a line why a case is no pass."""
    if line.actual:
        return f"{line.seen}: expected {line.expected}, was {line.actual}"
    return line.reason


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
    alike: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        alike.setdefault((_function(row.case), row.rule, *row.outcomes), []).append(row)
    lines = []
    for together in alike.values():
        (name,) = folded([_name(row.case) for row in together])
        lines.append([markup.code(name), markup.code(together[0].rule), *_cells(together[0].outcomes)])
    return markup.table(["case", "rule", *map(markup.plain, labels)], lines)


def _cells(outcomes: Sequence[str | None]) -> Iterator[str]:
    before: str | None = None
    for outcome in outcomes:
        word = SHORT.get(outcome or "", outcome or "")
        yield f"**{word}**" if before is not None and outcome is not None and outcome != before else word
        before = outcome


def _function(case: str) -> str:
    return case.partition("[")[0]


def _name(case: str) -> str:
    """Return a case's name without its file: classes of cases have different names."""
    return case.partition("::")[2] or case
