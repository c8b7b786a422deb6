"""`--conformance-report FILE`: the report of a run, put together where its summary is written."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockvendors.conformance import report_header, summary
from mockvendors.conformance.profile_choice import Profiles
from mockvendors.conformance.report_case import Told
from mockvendors.conformance.results import CaseResult, Results
from mockvendors.conformance.verdict import EXIT, Verdict
from mockvendors.report.lines import Footer, Header, Implementation, Judged, Report, Suite
from mockvendors.report.write import make_way, write

SUITES = "mockvendors_suites"
"""Where an xdist worker tells by what it judges, also where no case comes to run."""
NOT_WHOLE = frozenset({EXIT.interrupted, EXIT.internal})
"""Exit codes of runs that did not come to their end."""


@dataclass
class ReportFile:
    """The report of one run, from its begin to its file; `path` is None in an xdist worker."""

    config: pytest.Config
    path: Path | None
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    suites: dict[str, Suite] = field(default_factory=dict)
    """By their folders."""

    @classmethod
    def asked(cls, config: pytest.Config) -> "ReportFile | None":
        """Return the report that a run was asked for."""
        given: Path | None = config.getoption("--conformance-report")
        if given is None or config.getoption("collectonly"):
            return None
        worker = hasattr(config, "workerinput")
        return cls(config, None if worker else config.invocation_params.dir / given)

    def begin(self) -> None:
        """Remove the report of an earlier run. Raises UsageFault where this one cannot go there."""
        if self.path is not None:
            make_way(self.path)

    def judged_by(self, suites: Mapping[Path, Any], profiles: Profiles) -> None:
        """Note the suites, by their folders with their traits; an xdist worker hands them over."""
        noted = {str(folder): report_header.suite(folder, traits, profiles.of(traits)) for folder, traits in suites.items()}
        self.suites |= noted
        output: dict[str, Any] | None = getattr(self.config, "workeroutput", None)
        if output is not None:
            output[SUITES] = msgspec.to_builtins(self.suites)

    def take_over(self, output: Mapping[str, Any]) -> None:
        """Take what an xdist worker handed over."""
        self.suites |= msgspec.convert(output.get(SUITES, {}), dict[str, Suite])

    def write(self, results: Results, exit_code: int, refusals: Collection[str], notes: Collection[str]) -> None:
        """Write the report. Raises EnvironmentFault where the disk refuses it."""
        if self.path is None:
            return
        told = [(result, _told(result, seconds)) for result, seconds in results.seconds() if result.told]
        header = self._header([each for _, each in told])
        order = {each.connect: place for place, each in enumerate(header.implementations)}
        cases = [each.line for _, each in told]
        cases.sort(key=lambda line: (order[line.implementation], line.vendor, line.case))
        judged = list(_judged(told, order))
        whole = exit_code not in NOT_WHOLE and not refusals and {each.implementation for each in judged} == set(order)
        footer = Footer(
            cases=len(cases),
            judged=judged,
            complete=whole and bool(judged) and all(each.complete for each in judged),
            exit_code=exit_code,
            seconds=round((datetime.now(UTC) - self.began).total_seconds(), 1),
            others_failed=results.others_failed,
            refusals=list(refusals),
            notes=list(notes),
        )
        write(self.path, Report(file=str(self.path), header=header, cases=cases, footer=footer))

    def _header(self, told: Collection[Told]) -> Header:
        suites = {each.suite.vendor: each.suite for each in told} or {each.vendor: each for each in self.suites.values()}
        livekit = next((each.livekit for each in told if each.livekit is not None), None)
        return report_header.header(self.config, self.began, suites.values(), _met(told), livekit)


def _told(result: CaseResult, seconds: float) -> Told:
    told = msgspec.convert(result.told, Told)
    return msgspec.structs.replace(told, line=msgspec.structs.replace(told.line, seconds=round(seconds, 3)))


def _met(told: Iterable[Told]) -> Collection[Implementation]:
    """Return each implementation as the case told it that knew most: before its driver greeted there is only a name."""
    met: dict[str, Implementation] = {}
    for each in sorted(told, key=lambda one: (one.who.connect, one.line.case)):
        before = met.get(each.who.connect)
        if before is None or not before.name:
            met[each.who.connect] = each.who
    return met.values()


def _judged(told: Collection[tuple[CaseResult, Told]], order: Iterable[str]) -> Iterable[Judged]:
    for connect in order:
        results = [result for result, each in told if each.who.connect == connect]
        if not results:
            continue
        counts = Counter(result.verdict for result in results)
        whole = summary.is_whole(results)
        yield Judged(
            implementation=connect,
            counts={verdict.value: counts[verdict] for verdict in Verdict if counts[verdict]},
            conformant=summary.is_conformant(results),
            conformance=summary.conformance(results),
            profile=summary.profiles(results),
            not_scored=summary.not_scored(results),
            unjudged=summary.unjudged(results),
            whole=whole,
            complete=whole and not counts[Verdict.NOT_VERIFIED],
        )
