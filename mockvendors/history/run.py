"""All implementations of a plan, one after the other; one that cannot be judged does not stop the others."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mockvendors.errors import MockvendorsError
from mockvendors.history.folder import Folder, fault
from mockvendors.history.plan import Plan
from mockvendors.history.running import Judging, judge
from mockvendors.lock import locked
from mockvendors.report.lines import Report
from mockvendors.report.read import read
from mockvendors.report.words import counted, counts, place

NO_WAIT = 0.0
"""Seconds: two histories at once in one folder are a mistake, and the second does not wait for the first."""
_FAULT = 7
_TELLING_SHARE = 0.1
"""Of a run: before that its pace says nothing."""


@dataclass
class Found:
    """What a run came to."""

    reports: dict[str, Report] = field(default_factory=dict)
    """The whole ones, by what the plan calls each."""
    faults: dict[str, int] = field(default_factory=dict)
    """Who has none, with the exit code that says why."""


@dataclass(frozen=True)
class Runner:
    """Judges what a plan names."""

    plan: Plan
    folder: Folder
    say: Callable[[str], None]
    fresh: bool = False
    """Judge those too whose report is whole and by what judges now."""
    workers: int = 1

    def run(self) -> Found:
        """Return the reports of all that could be judged. Raises EnvironmentFault where another history runs in the folder."""
        self.folder.path.mkdir(parents=True, exist_ok=True)
        with locked(self.folder.path / ".lock", NO_WAIT, self.say, f"another history in {self.folder.path}"):
            return self._run()

    def _run(self) -> Found:
        found, kept = Found(), self._kept()
        waiting = [label for label in self.plan.implementations if label not in kept]
        self.say(f"{counted(len(self.plan.implementations), 'implementation')}, {len(waiting)} to judge")
        for label in kept:
            again = "; --fresh judges it again"
            self.say(f"{label}: judged already, by the same suite ({self.folder.report(label)}){again}")
        pace = [report.footer.seconds for report in kept.values()]
        for number, label in enumerate(waiting, 1):
            self._one(found, label, f"[{number}/{len(waiting)}] {label}", pace, len(waiting) - number)
        found.reports = {
            label: {**found.reports, **kept}[label] for label in self.plan.implementations if label not in found.faults
        }
        return found

    def _kept(self) -> dict[str, Report]:
        if self.fresh:
            return {}
        named = {label: self.folder.kept(label, text) for label, text in self.plan.implementations.items()}
        return {label: report for label, report in named.items() if report is not None}

    def _one(self, found: Found, label: str, name: str, pace: list[float], after: int) -> None:
        """Judge one; `pace` are the seconds that others took, `after` how many wait behind it."""
        path, log = self.folder.report(label), self.folder.log(label)
        self.say(f"{name}: begins")
        code, heard = judge(self._arguments(label, path), log, lambda judging: self.say(f"{name}: {far(judging, pace, after)}"))
        try:
            report = read(path)
            wrong = fault(report)
        except MockvendorsError:
            report, wrong = None, (heard.cause(), code if code > 1 else _FAULT)
        if report is None or wrong is not None:
            cause, found.faults[label] = wrong or (heard.cause(), _FAULT)
            self.say(f"{name}: NOT JUDGED: {cause} (all of it: {log})")
            return
        pace.append(report.footer.seconds)
        found.reports[label] = report
        outcomes = [line.outcome for line in report.cases]
        numbers = sorted({(each, outcomes.count(each)) for each in outcomes}, key=lambda one: place(one[0]))
        self.say(f"{name}: {counted(len(outcomes))} in {heard.seconds:.0f} s: {counts(numbers)}")

    def _arguments(self, label: str, path: Path) -> list[str]:
        """Return what `mockvendors check` is asked: no list of known failures, since what is behind it is compared."""
        return [
            self.plan.vendor,
            f"--implementation={self.plan.implementations[label]}",
            f"--expectations={os.devnull}",
            f"--report={path}",
            *([f"--rule={self.folder.rule}"] if self.folder.rule else []),
            *([f"--workers={self.workers}"] if self.workers > 1 else []),
        ]


def far(judging: Judging, pace: list[float], after: int) -> str:
    """Return how far a run is, and how long all will take, as soon as anybody can tell.

    `pace` are the seconds that others took, `after` how many wait behind this one.
    """
    if not judging.total:
        return f"is being prepared ({judging.seconds:.0f} s)"
    told = f"{judging.done} of {counted(judging.total)}"
    if not pace and judging.done < judging.total * _TELLING_SHARE:
        return told
    one = sum(pace) / len(pace) if pace else judging.seconds * judging.total / judging.done
    return f"{told}, {_duration(one * (1 - judging.done / judging.total + after))} left in all"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"about {minutes} min {rest} s" if minutes else f"about {rest} s"
