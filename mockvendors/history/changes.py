"""What a case says of one implementation and no longer of the next, and what somebody wrote down about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mockvendors.history.plan import Explanation, Plan
from mockvendors.report.lines import Case, Report


@dataclass(frozen=True)
class Change:
    """One case whose outcome is another than that of the implementation before."""

    between: tuple[str, str]
    before: Case
    after: Case
    explanation: Explanation | None

    @property
    def case(self) -> str:
        """The case's id below its suite."""
        return self.after.case

    @property
    def outcomes(self) -> tuple[str, str]:
        """What it said, and what it says."""
        return self.before.outcome, self.after.outcome

    def __str__(self) -> str:
        return f"{self.between[0]} → {self.between[1]}: {self.case}: {self.outcomes[0]} → {self.outcomes[1]}"


def changes(plan: Plan, reports: Mapping[str, Report]) -> list[Change]:
    """Return every change between neighbours; `reports` by what the plan calls each."""
    found = []
    for before, after in pairwise(plan.implementations):
        older = {line.case: line for line in reports[before].cases}
        for line in reports[after].cases:
            was = older.get(line.case)
            if was is not None and was.outcome != line.outcome:
                found.append(_change(plan, (before, after), was, line))
    return found


def _change(plan: Plan, between: tuple[str, str], before: Case, after: Case) -> Change:
    outcomes = (before.outcome, after.outcome)
    explaining = (entry for entry in plan.change if entry.explains(between, after.case, outcomes))
    return Change(between, before, after, next(explaining, None))


def unexplained(found: Iterable[Change]) -> list[Change]:
    """Return the changes of which nobody wrote why."""
    return [change for change in found if change.explanation is None]


def idle(plan: Plan, found: Sequence[Change]) -> list[str]:
    """Return a line for each entry of the plan that explains nothing: no such change came, or others explain it."""
    used = [change.explanation for change in found]
    return [
        f"change {number} ({entry.between[0]} → {entry.between[1]}, {', '.join(entry.match)}) explains nothing"
        for number, entry in enumerate(plan.change, 1)
        if not any(entry is other for other in used)
    ]
