"""What a run of the suite on a mutant says of the suite."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from mockvendors.mutants.mutant import Mutant
from mockvendors.report.lines import Case, Report

FAILED = frozenset({"fail", "timeout", "crash", "stale"})
"""Verdicts that are the plugin's fault; the words of `mockvendors.conformance.verdict.BAD`."""
AS_EXPECTED, PLUGIN_FAILED, NOTHING_RAN = 0, 1, 5
"""The exit codes of a run that judged, or that had nothing to judge by; any other says nothing of the suite."""
UNKNOWN_RULE = "no case checks the rule"
"""How `mockvendors.conformance.selection` begins to say so."""
TOLD = 160
"""Characters of a line that tells why."""
HEADING = re.compile(r"^_+ (?!_ )(.+) _+$|^=+ .* =+$", re.MULTILINE)
"""What pytest writes above each failure; and above what is none."""


class Kind(StrEnum):
    """How a mutant fared."""

    CAUGHT = "caught"
    """A case failed it by its rule."""
    MISSED = "missed"
    """Nothing failed it, or no case of the suite checks its rule."""
    WRONG_RULE = "wrong rule"
    """It was failed, and by no case of its rule."""
    CLEAN = "clean"
    """A correct implementation that nothing failed."""
    FALSE_ALARM = "false alarm"
    """A correct implementation that something failed."""
    FAULT = "fault"
    """The run says nothing of the suite: a fault of the harness, of the environment, or of how it was asked."""


@dataclass(frozen=True)
class Outcome:
    """How one mutant fared, and what shows it."""

    mutant: Mutant
    kind: Kind
    failed: tuple[Case, ...] = ()
    """The lines of the report of those cases that failed it."""
    told: str = ""
    """Why, in one line, where it is not as it should be."""
    code: int | None = None
    """The exit code of the run; None where it was ended by a signal or by its limit."""
    output: str = ""
    """What the run printed; where several were caught in one run, what it printed of this one."""
    seconds: float = 0.0
    """Of its run; where several were caught in one run, of its cases."""

    @property
    def by(self) -> tuple[str, ...]:
        """The rules that failed it."""
        return tuple(sorted({case.rule for case in self.failed}))

    @property
    def good(self) -> bool:
        """Whether the suite did what it should: caught what is wrong, or left what is correct alone."""
        return self.kind in {Kind.CAUGHT, Kind.CLEAN}


def judged(mutant: Mutant, report: Report, output: str = "", seconds: float = 0.0) -> Outcome:
    """Return what a whole report says of the suite; `output` is what the run printed."""
    code, refusals = report.footer.exit_code, report.footer.refusals
    if mutant.rule and refusals and refusals[0].startswith(UNKNOWN_RULE):
        return Outcome(mutant, Kind.MISSED, (), _short(refusals[0]), code, output, seconds)
    if mutant.rule and code == NOTHING_RAN and report.cases:
        told = f"its rule was not judged: {report.cases[0].verdict}: {report.cases[0].reason}"
        return Outcome(mutant, Kind.MISSED, (), _short(told), code, output, seconds)
    if code not in {AS_EXPECTED, PLUGIN_FAILED} or report.footer.others_failed:
        return fault(mutant, _why(report), code, output, seconds)
    failed = tuple(case for case in report.cases if case.verdict in FAILED)
    kind = _kind(mutant, failed)
    return Outcome(mutant, kind, failed, _told(kind, failed, len(report.cases)), code, output, seconds)


def caught(mutants: Iterable[Mutant], report: Report, output: str = "") -> Iterator[Outcome]:
    """Yield the outcomes of those that a run of several caught, each by its rule.

    Caught means: a case of the mutant's own rule failed it. That does not hang on who else is in the run, for none of the others
    runs beside it: the one before was ended with its process group (`conformance.own_rule`), the mutant has a driver of its own,
    each case an API key and a room of its own, and the cases are those that `--rule` would choose. What is shared is the run's
    own process with its mock, and the LiveKit server; where one of these fails, the run's exit code says so, and nothing is
    taken from it. All else is judged again, alone: who was failed by another rule only, and who was missed, which are findings
    about the suite and have to be beyond doubt; and whoever was in a run with a fault, which says nothing of any of them.
    """
    if report.footer.exit_code != PLUGIN_FAILED or report.footer.others_failed or report.footer.refusals:
        return
    for mutant in mutants:
        mine = [case for case in report.cases if case.implementation == mutant.connect]
        failed = tuple(case for case in mine if case.verdict in FAILED)
        if _kind(mutant, failed) is Kind.CAUGHT:
            seconds = sum(case.seconds for case in mine)
            yield Outcome(mutant, Kind.CAUGHT, failed, "", PLUGIN_FAILED, part(output, mutant.connect), seconds)


def part(output: str, connect: str) -> str:
    """Return the failures of one implementation, of what a run of several printed."""
    named = (f"[{connect}]", f"-{connect}]")  # as pytest names a case of several
    headings = [*HEADING.finditer(output)]
    begins = [*(heading.start() for heading in headings), len(output)]
    mine = (place for place, heading in enumerate(headings) if (heading[1] or "").endswith(named))
    return "".join(output[begins[place] : begins[place + 1]] for place in mine)


def fault(mutant: Mutant, why: str, code: int | None = None, output: str = "", seconds: float = 0.0) -> Outcome:
    """Return the outcome of a run that says nothing of the suite."""
    return Outcome(mutant, Kind.FAULT, (), _short(why), code, output, seconds)


def _kind(mutant: Mutant, failed: tuple[Case, ...]) -> Kind:
    if not mutant.rule:
        return Kind.FALSE_ALARM if failed else Kind.CLEAN
    if not failed:
        return Kind.MISSED
    return Kind.CAUGHT if any(case.rule == mutant.rule for case in failed) else Kind.WRONG_RULE


def _told(kind: Kind, failed: tuple[Case, ...], cases: int) -> str:
    if kind is Kind.MISSED:
        return f"{cases} case{'s' if cases != 1 else ''} of its rule failed nothing"
    if kind in {Kind.WRONG_RULE, Kind.FALSE_ALARM}:
        return _short(f"{failed[0].case}: {failed[0].rule}: {failed[0].reason}")
    return ""


def _why(report: Report) -> str:
    """Return the first cause of a run that did not judge."""
    faults = [f"{case.case}: {case.reason or case.verdict}" for case in report.cases if case.verdict in {"error", "not verified"}]
    return next(iter([*report.footer.refusals, *faults]), f"the run ended with exit code {report.footer.exit_code}")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TOLD else f"{line[: TOLD - 1]}…"
