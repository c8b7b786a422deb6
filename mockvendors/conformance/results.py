"""What the cases of a run said, gathered where the summary is written: under xdist that is another process."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pytest

from mockvendors.conformance.verdict import Verdict

ATTRIBUTE = "mockvendors"
"""Of a report of pytest: where a verdict travels. Its properties would stand in a JUnit file, written as Python."""

GOOD = frozenset({Verdict.PASS, Verdict.WARN, Verdict.EXPECTED})
LEFT_OUT = (Verdict.NOT_CLAIMED, Verdict.NOT_VERIFIED)
"""What says nothing of the implementation, the lesser first: whatever a later phase says is more."""


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
    profile: str = ""
    """Which rules make conformant here."""
    scored: bool = True
    """Whether it counts there: a rule that is newer than the profile does not."""
    unjudged: Sequence[str] = ()
    """The rules of the profile that no case of the suite judges."""
    drivers: bool = False
    """Whether it is a fault of the driver's."""
    whose: str = ""
    """Whose fault it is in words, where that is the mock or the suite of a vendor."""
    roomless: bool = False
    """Whether it was left out because the implementation can be taken into no room."""
    unclaimed: Sequence[str] = ()
    """The capabilities that it needs and the implementation does not claim."""
    told: dict[str, Any] = field(default_factory=dict)
    """What `--conformance-report` tells of it, as plain data; empty without."""


def send(report: pytest.TestReport, result: CaseResult) -> None:
    """Put a phase's verdict into its report."""
    setattr(report, ATTRIBUTE, {**asdict(result), "verdict": result.verdict.value})


def is_of_a_case(report: object) -> bool:
    """Return whether a report bears a verdict; those of collection and of warnings have none."""
    return hasattr(report, ATTRIBUTE)


def describe(item: pytest.Item, report: pytest.TestReport, told: Mapping[str, str]) -> None:
    """Give a case's entry in a JUnit file its properties, each a plain text; those of an earlier phase are replaced."""
    others = [(name, value) for name, value in item.user_properties if name not in told]
    item.user_properties[:] = [*others, *((name, value) for name, value in told.items() if value)]
    report.user_properties = list(item.user_properties)


def outranks(later: Verdict, before: Verdict) -> bool:
    """Tell whether what a later phase of a case says stands for the case: of two failures the first does."""
    if before in LEFT_OUT:
        return later not in GOOD and later not in LEFT_OUT[: LEFT_OUT.index(before) + 1]
    return before in GOOD or later is Verdict.ERROR


class Results:
    """The worst phase of each case, and whether anything failed that is no case."""

    def __init__(self) -> None:
        self._by_case: dict[str, CaseResult] = {}
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self.others_failed = False

    def take(self, report: pytest.TestReport) -> None:
        """Read a report."""
        self._seconds[report.nodeid] += report.duration
        said: dict[str, Any] | None = getattr(report, ATTRIBUTE, None)
        if said is None:
            self.others_failed |= report.outcome == "failed"
            return
        result = CaseResult(**{**said, "verdict": Verdict(said["verdict"])})
        before = self._by_case.get(report.nodeid)
        if before is None or outranks(result.verdict, before.verdict):
            self._by_case[report.nodeid] = result

    def seconds(self) -> Iterator[tuple[CaseResult, float]]:
        """Yield each case with the time that it took, setup and teardown included."""
        for nodeid, result in self._by_case.items():
            yield result, self._seconds[nodeid]

    def __iter__(self) -> Iterator[CaseResult]:
        return iter(self._by_case.values())

    def __len__(self) -> int:
        return len(self._by_case)
