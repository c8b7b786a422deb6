"""What the cases of a run said, gathered where the summary is written: under xdist that is another process."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from mockvendors.conformance.verdict import Verdict

PROPERTY = "mockvendors"
"""Name under which a verdict travels in a report."""

GOOD = frozenset({Verdict.PASS, Verdict.WARN, Verdict.EXPECTED})


@dataclass(frozen=True)
class CaseResult:
    """The verdict of one case."""

    case: str
    verdict: Verdict
    reason: str
    lacks: str
    """What the environment would need, in a word."""
    implementation: str
    of: int
    """How many cases the whole suite has; 0 where a part of it was asked for."""
    connect: str
    """The connect string of who was to be judged."""


def send(report: pytest.TestReport, result: CaseResult) -> None:
    """Put a phase's verdict into its report."""
    report.user_properties.append((PROPERTY, {**asdict(result), "verdict": result.verdict.value}))


def is_of_a_case(report: object) -> bool:
    """Return whether a report bears a verdict; those of collection and of warnings have no properties."""
    return any(name == PROPERTY for name, _ in getattr(report, "user_properties", ()))


class Results:
    """The worst phase of each case, and whether anything failed that is no case."""

    def __init__(self) -> None:
        self._by_case: dict[str, CaseResult] = {}
        self.others_failed = False

    def take(self, report: pytest.TestReport) -> None:
        """Read a report."""
        found: list[Any] = [value for name, value in report.user_properties if name == PROPERTY]
        if not found:
            self.others_failed |= report.outcome == "failed"
        for said in found:
            result = CaseResult(**{**said, "verdict": Verdict(said["verdict"])})
            before = self._by_case.get(report.nodeid)
            if before is None or before.verdict in GOOD or result.verdict is Verdict.ERROR:
                self._by_case[report.nodeid] = result

    def __iter__(self) -> Iterator[CaseResult]:
        return iter(self._by_case.values())

    def __len__(self) -> int:
        return len(self._by_case)
