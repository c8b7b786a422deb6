"""Cases against implementations: which rows are equal, and where a version differs from the one before."""

from collections.abc import Collection, Iterable, Sequence

import msgspec
from packaging.version import InvalidVersion, Version

from mockvendors.report.lines import Case, Implementation, Judged, Report
from mockvendors.report.words import ended_early, time_limits


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One implementation of one report."""

    label: str
    """The least that tells it from the others."""
    file: str
    implementation: Implementation
    judged: Judged


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One case over the columns."""

    case: str
    rule: str
    """The rule that was broken where it differs; else the one that it judges."""
    witness: list[str] = []
    """Who saw what was judged, in any column."""
    verdicts: list[str | None]
    """None where the case did not run."""
    outcomes: list[str | None]
    """The same before the lists of known failures."""
    changed: list[bool]
    """Whether the outcome is another than that of the version before."""
    differs: bool
    """Whether the outcomes, where it ran, are not all the same."""


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; `versions` tells whether the columns are versions of one implementation, from old to new."""

    columns: list[Column]
    versions: bool
    rows: list[Row]
    notes: list[str]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that are equal."""

    first: Row
    rows: list[Row]


def matrix(reports: Sequence[Report]) -> Matrix:
    """Return the matrix of all implementations of these reports."""
    found = _columns(reports)
    versions = len(found) > 1 and len({column.implementation.name for column, _ in found}) == 1
    versions = versions and len({column.implementation.version for column, _ in found}) > 1
    if versions:
        found.sort(key=lambda one: _version(one[0].implementation.version))
    columns, lines = [column for column, _ in found], [by_case for _, by_case in found]
    rows = [_row(case, lines, columns) for case in sorted({case for by_case in lines for case in by_case})]
    return Matrix(columns=columns, versions=versions, rows=rows, notes=list(_notes(reports)))


def groups(rows: Iterable[Row]) -> list[Group]:
    """Return the rows, those with equal verdicts and changes together: first what differs, last what passes everywhere."""
    found: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        found.setdefault((*row.verdicts, *row.changed), []).append(row)
    made = [Group(first=alike[0], rows=alike) for alike in found.values()]
    return sorted(made, key=lambda group: (not group.first.differs, set(group.first.verdicts) == {"pass"}))


def alikes(rows: Iterable[Row]) -> list[tuple[str, list[str], list[Row]]]:
    """Return rows by what is told beside their names: rule and witness."""
    found: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
    for row in rows:
        found.setdefault((row.rule, tuple(row.witness)), []).append(row)
    return [(rule, list(witness), alike) for (rule, witness), alike in found.items()]


def _columns(reports: Sequence[Report]) -> list[tuple[Column, dict[str, Case]]]:
    found = []
    vendors = {line.vendor for report in reports for line in report.cases}
    for report in reports:
        who = {each.connect: each for each in report.header.implementations}
        for judged in report.footer.judged:
            lines = [line for line in report.cases if line.implementation == judged.implementation]
            by_case = {line.case if len(vendors) == 1 else f"{line.vendor}/{line.case}": line for line in lines}
            found.append((report.file, who[judged.implementation], judged, by_case))
    labels = _labels([(who, file) for file, who, _, _ in found])
    return [
        (Column(label=label, file=file, implementation=who, judged=judged), by_case)
        for label, (file, who, judged, by_case) in zip(labels, found, strict=True)
    ]


def _labels(columns: Sequence[tuple[Implementation, str]]) -> list[str]:
    """Return the shortest names that are all different: versions of one name, names, connect strings, with files."""
    ways = (
        [who.version if len({other.name for other, _ in columns}) == 1 else "" for who, _ in columns],
        [f"{who.name} {who.version}".strip() for who, _ in columns],
        [who.connect for who, _ in columns],
        [f"{who.version or who.connect} ({file})" for who, file in columns],
        [f"{who.connect} ({file})" for who, file in columns],
    )
    return next((labels for labels in ways if all(labels) and len(set(labels)) == len(labels)), ways[-1])


def _row(case: str, lines: Sequence[dict[str, Case]], columns: Sequence[Column]) -> Row:
    found = [by_case.get(case) for by_case in lines]
    outcomes = [line.outcome if line is not None else None for line in found]
    names = [column.implementation.name for column in columns]
    changed = [
        number > 0
        and bool(names[number])
        and names[number] == names[number - 1]
        and None not in {outcomes[number], outcomes[number - 1]}
        and outcomes[number] != outcomes[number - 1]
        for number in range(len(found))
    ]
    return Row(
        case=case,
        rule=_rule([line for line in found if line is not None]),
        witness=list(dict.fromkeys(witness for line in found if line is not None for witness in line.witness)),
        verdicts=[line.verdict if line is not None else None for line in found],
        outcomes=outcomes,
        changed=changed,
        differs=len({*outcomes} - {None}) > 1,
    )


def _rule(lines: Collection[Case]) -> str:
    broken = [line.rule for line in lines if line.broken]
    return next(iter([*broken, *(line.rule for line in lines)]), "")


def _version(text: str) -> tuple[bool, Version, str]:
    """Return what versions are sorted by; what is no version comes first."""
    try:
        return True, Version(text), text
    except InvalidVersion:
        return False, Version("0"), text


def _notes(reports: Sequence[Report]) -> Iterable[str]:
    """Yield what a reader has to know before comparing."""
    suites = [suite for report in reports for suite in report.header.suites]
    vendors = len({suite.vendor for suite in suites})
    if len({(suite.vendor, suite.digest) for suite in suites}) > vendors:
        yield "the reports were judged by different suites or mockvendors: a case may be missing in one, or judge something else"
    if len({(suite.vendor, suite.contract_digest) for suite in suites}) > vendors:
        yield "the reports are of different contracts"
    if len({(suite.vendor, suite.profile_digest) for suite in suites}) > vendors:
        yield "the reports are of different profiles: conformant does not mean the same in them"
    scales = dict.fromkeys(report.header.environment.time_scale for report in reports)
    if len(scales) > 1:
        yield f"the reports were judged with different {', '.join(map(time_limits, scales))}"
    for report in reports:
        if report.footer.refusals:
            yield f"{report.file}: nothing was judged: {'; '.join(report.footer.refusals)}"
        elif not report.footer.complete:
            yield f"{report.file} is not complete: {_why(report)}"


def _why(report: Report) -> str:
    if told := ended_early(report.footer.exit_code):
        return told
    if any("not verified" in judged.counts for judged in report.footer.judged):
        return "something could not be verified"
    return "a part of the suite ran"
