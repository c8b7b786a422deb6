"""Defects that were known of an implementation before: which cases find them, and what the same say of its neighbour."""

from collections.abc import Iterable, Iterator, Mapping

from mockvendors.history.cells import names, said, together, with_source
from mockvendors.history.plan import Known, Plan
from mockvendors.report import markup
from mockvendors.report.lines import Case, Report

FINDS = {"fail", "timeout", "crash", "warn"}
"""Outcomes by which a case finds a defect."""


def unfound(plan: Plan, reports: Mapping[str, Report]) -> list[str]:
    """Return a line for each known defect that is not found: no case is to find it, or one says nothing of it."""
    lines = []
    for number, defect in enumerate(plan.known, 1):
        where = f"known {number} ({defect.of}: {defect.what})"
        cases = _finding(defect, reports[defect.of])
        lines += [] if cases else [f"{where} matches no case: {', '.join(defect.match)}"]
        lines += [f"{where} is not found: {line.case}: {line.outcome}" for line in cases if line.outcome not in FINDS]
    return lines


def tables(plan: Plan, reports: Mapping[str, Report]) -> Iterator[str]:
    """Yield in Markdown a table for each implementation of which something was known."""
    labels = list(plan.implementations)
    for label in dict.fromkeys(defect.of for defect in plan.known):
        beside = labels[max(labels.index(label) - 1, 0)]
        others = {line.case: line.outcome for line in reports[beside].cases}
        rows = [row for defect in plan.known if defect.of == label for row in _rows(defect, reports[label], others)]
        yield f"### What was known of {markup.plain(label)}, and is found"
        yield markup.table(["known", "found by", markup.plain(label), markup.plain(beside), "because"], rows)


def _rows(defect: Known, report: Report, others: Mapping[str, str]) -> Iterable[list[str]]:
    for row in together(_finding(defect, report), lambda line: (line.outcome, others.get(line.case))):
        first = row[0]
        what = with_source(defect.what, defect.source)
        yield [what, names(row), first.outcome, others.get(first.case, ""), said(first)]


def _finding(defect: Known, report: Report) -> list[Case]:
    return [line for line in report.cases if defect.finds(line.case)]
