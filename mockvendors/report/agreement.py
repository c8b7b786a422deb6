"""What the lines of a report have to agree in: a case with itself, each with the header, the footer with them all.

It guards against a slip of a hand or a tool, not against forgery: nothing is signed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mockvendors.report.lines import Case, Judged, Report
from mockvendors.report.words import ended_early

BEHIND = {"expected": {"fail", "timeout", "crash", "warn"}, "stale": {"pass", "warn"}}
"""What a list of known failures makes of which outcomes; any other verdict is the outcome itself."""
NOT_CONFORMANT = {"fail", "timeout", "crash", "stale", "expected"}
"""Verdicts with which nobody is conformant."""
UNJUDGED = {"error", "not verified"}
"""Verdicts that say nothing of an implementation. In reports of before they made it not conformant."""
RED = {"fail", "timeout", "crash", "stale", "error"}
"""Verdicts with which no run ends well."""
SAID = {True: "yes", False: "no", None: "cannot be said"}
"""How the sentence on conformance begins."""


@dataclass(frozen=True)
class Contradiction:
    """Where a report says two things, and which."""

    line: int
    """Of the file, from 1."""
    what: str


def contradictions(report: Report) -> Iterator[Contradiction]:
    """Yield where a report contradicts itself, from its first line to its last."""
    known = {each.connect for each in report.header.implementations}
    seen: dict[tuple[str, str, str], int] = {}
    for number, line in enumerate(report.cases, 2):
        if line.implementation not in known:
            yield Contradiction(number, f"the case is of {line.implementation!r}, which the header does not name")
        key = (line.implementation, line.vendor, line.case)
        if key in seen:
            yield Contradiction(number, f"{line.case} of {line.implementation} stands in line {seen[key]} already")
        seen[key] = number
        yield from (Contradiction(number, f"{line.case}: {what}") for what in _of_case(line))
    yield from (Contradiction(len(report.cases) + 2, what) for what in _of_footer(report, known))


def _of_case(line: Case) -> Iterator[str]:
    if line.outcome not in BEHIND.get(line.verdict, {line.verdict}):
        yield f"the verdict {line.verdict} of the outcome {line.outcome}"
    if line.outcome == "pass" and line.broken:
        yield f"the outcome pass, with the broken rule {line.broken[0]}"


def _of_footer(report: Report, known: set[str]) -> Iterator[str]:
    footer = report.footer
    judged = [each.implementation for each in footer.judged]
    for connect in dict.fromkeys([*judged, *(line.implementation for line in report.cases)]):
        if connect not in known:
            yield f"the footer judges {connect!r}, which the header does not name"
        elif judged.count(connect) != 1:
            yield f"the footer judges {connect} {judged.count(connect)} times"
    for each in footer.judged:
        its = [line for line in report.cases if line.implementation == each.implementation]
        yield from (f"of {each.implementation} {what}" for what in _of_judged(each, its))
    if footer.complete and not (footer.judged and all(each.complete for each in footer.judged)):
        yield "the footer says that all is complete, and of an implementation that it is not"
    if footer.complete and (told := ended_early(footer.exit_code)):
        yield f"the footer says that all is complete, and by its exit code {footer.exit_code} {told}"
    if footer.exit_code == 0 and (red := next((line for line in report.cases if line.verdict in RED), None)):
        yield f"the footer says exit code 0, and {red.case} is {red.verdict}"


def _of_judged(judged: Judged, cases: list[Case]) -> Iterator[str]:
    yield from _differing("counts", judged.counts, [line.verdict for line in cases])
    yield from _differing("counts as not scored", judged.not_scored, [line.verdict for line in cases if not line.scored])
    bad = next((line for line in cases if line.scored and line.verdict in NOT_CONFORMANT), None)
    unjudged = next((line for line in cases if line.scored and line.verdict in UNJUDGED), None)
    if judged.conformant is not False and bad is not None:
        yield f"the footer does not say that it is not conformant, and {bad.case} is {bad.verdict}"
    if judged.conformant and unjudged is not None:
        yield f"the footer says that it is conformant, and {unjudged.case} is {unjudged.verdict}"
    if judged.conformant is False and bad is None and unjudged is None:
        yield "the footer says that it is not conformant, and each case that counts passes"
    if judged.conformant and (judged.unjudged or judged.whole is False):
        yield "the footer says that it is conformant, and that not all was judged"
    if not judged.conformance.startswith(SAID[judged.conformant]):
        yield f"the footer says {SAID[judged.conformant]!r} as a fact, and {judged.conformance!r} in words"
    if judged.complete and any(line.verdict == "not verified" for line in cases):
        yield "the footer says that it is complete, and a case was not verified"


def _differing(how: str, said: Mapping[str, int], verdicts: list[str]) -> Iterator[str]:
    """Yield the first verdict that a footer counts otherwise than its cases say."""
    found = Counter(verdicts)
    for verdict in [*said, *found]:
        if said.get(verdict, 0) != found[verdict]:
            yield f"the footer {how} {said.get(verdict, 0)} {verdict}, and its cases have {found[verdict]}"
            return
