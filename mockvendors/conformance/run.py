"""One pytest run with cases in it: options are checked before the first, each is judged, summary and exit code follow."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from mockvendors import limits
from mockvendors.conformance import ahead, case_names, suite_rules, suite_traits, summary, verdict
from mockvendors.conformance.facilities import Facilities
from mockvendors.conformance.implementation import case_name, named, of_case
from mockvendors.conformance.judge import Judgement, judge
from mockvendors.conformance.known import Known, case_id
from mockvendors.conformance.profile_choice import Profiles
from mockvendors.conformance.report_file import ReportFile
from mockvendors.conformance.report_watch import watch
from mockvendors.conformance.results import CaseResult, Results, describe, send
from mockvendors.conformance.scene import scene
from mockvendors.conformance.selection import nothing_left
from mockvendors.conformance.vendor_mode_choice import MODES, choose
from mockvendors.drivers.claims import strange
from mockvendors.errors import EnvironmentFault, MockvendorsError, UsageFault

if TYPE_CHECKING:
    from mockvendors.conformance.vendor_mode import VendorMode

RUN: pytest.StashKey["Run"] = pytest.StashKey()
REFUSALS = "mockvendors_refusals"
"""Where an xdist worker tells why it judges nothing."""
NOTES = "mockvendors_notes"
"""Where it tells what the summary is to say of the vendor."""


class Run:
    """Everything that belongs to one pytest run; no globals."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._known = Known(config)
        self._profiles = Profiles(config)
        self._results = Results()
        self._report = ReportFile.asked(config)
        self._facilities: Facilities | None = None
        self._mode: VendorMode | None = None
        self._cases = 0
        self.refusals: dict[str, int] = {}
        """Why nothing can be judged, with the exit code of each cause."""
        self.notes: dict[str, int] = {}
        """What the summary says of the vendor that answered, with the exit code that each line asks for."""

    # what the cases share

    @property
    def facilities(self) -> Facilities:
        """What the cases share; ended by `close`, at the latest when pytest ends."""
        if self._facilities is None:
            self._facilities = Facilities(self._config, self._mode or choose(self._config))
            self._config.add_cleanup(self.close)
        return self._facilities

    def close(self) -> None:
        """End what the cases shared."""
        facilities, self._facilities = self._facilities, None
        if facilities is not None:
            facilities.close()

    # before the first case

    def pytest_sessionstart(self) -> None:
        """Make way for the report (a hook), whose name may be a mistake, and make what takes long before workers start."""
        try:
            if self._report is not None:
                self._report.begin()
        except UsageFault as exc:
            raise pytest.UsageError(str(exc)) from exc
        ahead.provide(self._config, ahead.aloud(self._config))

    def collected(self, cases: list[pytest.Item]) -> None:
        """Check options and expectations; a whole suite must match every entry."""
        limits.scaled(1.0)  # a wrong setting is told before anything begins
        by_folder: dict[Path, list[pytest.Item]] = {}
        for item in cases:
            by_folder.setdefault(item.path.parent, []).append(item)
        suite_traits.hold_all(traits(item) for item in cases)
        suite_rules.hold(cases)
        self._cases = len({case_name(item) for item in cases})
        self._profiles.begin([(traits(items[0]), items) for items in by_folder.values()])
        if self._report is not None:
            suites = {folder: traits(items[0]) for folder, items in by_folder.items()}
            self._report.judged_by(suites, self._profiles)
        self._known.check_rules([traits(items[0]) for items in by_folder.values()])
        self._mode = choose(self._config)
        self._mode.begin([traits(items[0]) for items in by_folder.values()])
        self._tell(NOTES, self.notes, self._mode.notes())
        watch(self._config, cases)
        for folder, items in by_folder.items():
            self._matched(folder, items)

    def _matched(self, folder: Path, items: list[pytest.Item]) -> None:
        from mockvendors.conformance.expectations import shadowed, unmatched

        whole = {item.path for item in items} >= set(folder.glob("test_*.py"))
        selected = any("::" in str(argument) for argument in self._config.args)
        if selected or not whole:
            self._cases = 0
        own = self._config.getoption("--expectations") or folder == traits(items[0]).description.parent
        ids = list(dict.fromkeys(case_id(item) for item in items))
        if not whole or not own or selected:
            return
        self._tell(NOTES, self.notes, self._known.elsewhere(traits(items[0])))
        for who in named(self._config, traits(items[0])):
            listed = self._known.of(traits(items[0]), who)
            if lines := [*unmatched(listed, ids), *shadowed(listed, ids)]:
                file = self._known.path(traits(items[0]), who)
                raise UsageFault(f"the expectations list {file} is not true: " + "; ".join(lines))

    def prepare(self, cases: Collection[pytest.Item], before: Collection[pytest.Item]) -> None:
        """Start what the chosen cases need and cannot be judged without: a mistake is told once, not by every case.

        `before`: those that there were before any was deselected.
        """
        if before and not cases:
            self._tell(NOTES, self.notes, {nothing_left(self._config, before): 0})
        if self._report is not None or self._config.getoption("--vendor-mode") in MODES[1:]:
            case_names.hold(cases)
        if self._config.getoption("collectonly"):
            return
        asked = [(item, set(getattr(item, "fixturenames", ()))) for item in cases]
        if self._mode is not None and self._mode.has_rooms and any("livekit" in names for _, names in asked):
            from mockvendors.room import given, server

            server.restriction()
            given.read()
        judged = {of_case(item): traits(item) for item, names in asked if "drive" in names}
        for who, its_traits in judged.items():
            driver = self.facilities.loop.run(self.facilities.drivers.get(who, its_traits))
            told = strange(driver.hello.capabilities, its_traits.claimable)
            self._tell(NOTES, self.notes, {f"warning: {who.text} claims {text}": 0 for text in told})
            launch = self.facilities.drivers.launch(who)
            if launch is not None and launch.pairing:
                self._tell(NOTES, self.notes, {f"{who.text} ran with {launch.pairing}": 0})

    def refuse(self, fault: MockvendorsError) -> None:
        """Note why nothing is judged; an xdist worker tells it to the process that writes the summary."""
        self._tell(REFUSALS, self.refusals, {str(fault): fault.exit_code})

    def _tell(self, name: str, mine: dict[str, int], more: Mapping[str, int]) -> None:
        """Add lines for the summary; an xdist worker hands them over."""
        mine.update(more)
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[name] = dict(mine)

    # each case

    def judge(self, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        """Give the phase of a case its verdict and make the report show it."""
        from mockvendors.conformance.show import show

        exc = verdict.worst(call.excinfo.value) if call.excinfo else None
        if (exc is None and call.when != "call") or isinstance(exc, verdict.NO_VERDICT):
            return
        excused = call.when == "call" and not self._config.getoption("runxfail")
        judgement = judge(item, exc, self._known.listed(item) if excused else ())
        scene(item).verdict = judgement.verdict
        show(report, item, judgement)
        profile = self._profiles.of(traits(item))
        result = CaseResult(
            case=case_id(item),
            verdict=judgement.verdict,
            reason=judgement.reason,
            lacks=judgement.lacks,
            drivers=judgement.drivers,
            whose=judgement.whose,
            roomless=isinstance(exc, verdict.NoRoom),
            unclaimed=exc.missing if isinstance(exc, verdict.NotClaimed) else (),
            implementation=scene(item).implementation,
            of=self._cases,
            connect=of_case(item).text,
            profile=profile.name,
            scored=self._profiles.scores(item, judgement),
            unjudged=self._profiles.unjudged(traits(item)) if self._cases else (),
        )
        send(report, replace(result, told=self._told(item, judgement, report, scored=result.scored)))

    def _told(self, item: pytest.Item, judgement: Judgement, report: pytest.TestReport, *, scored: bool) -> dict[str, Any]:
        """Return what the run's report tells of a case, and let JUnit's tell its verdict too."""
        from mockvendors.conformance.report_case import implementation, properties, told

        describe(item, report, properties(item, judgement))
        if self._report is None:
            return {}
        who = of_case(item)
        launch = self.facilities.drivers.launch(who)
        listed = self._known.path(traits(item), who)
        met = implementation(who.text, scene(item).driver, launch.pairing if launch is not None else "", listed)
        suite = self._report.suites[str(item.path.parent)]
        found: dict[str, Any] = msgspec.to_builtins(told(item, judgement, report.longrepr, met, suite, scored=scored))
        return found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a report (a hook: under xdist it runs where the summary is written)."""
        self._results.take(report)

    # after the last

    def taken_over(self, output: Mapping[str, Any]) -> None:
        """Take over why an xdist worker judged nothing, what it says of the vendor, and by what it judges."""
        self.refusals.update(output.get(REFUSALS, {}))
        self.notes.update(output.get(NOTES, {}))
        if self._report is not None:
            self._report.take_over(output)

    def finish(self, status: int) -> int:
        """Return the run's exit code, with the report written; a report that cannot be written is told in the summary."""
        code = self.exit_status(status)
        try:
            if self._report is not None:
                self._report.write(self._results, code, self.refusals, self.notes)
        except (EnvironmentFault, UsageFault) as exc:
            self.notes[str(exc)] = exc.exit_code
            return self.exit_status(status) or exc.exit_code
        return code

    def exit_status(self, status: int) -> int:
        """Return the run's exit code; pytest's own stands where no case ran or pytest itself stopped."""
        if self._mode is not None:
            self.notes.update(self._mode.notes())
        if self.refusals and status in {0, 5}:
            return max(self.refusals.values())
        if not len(self._results) or status not in {0, 1}:
            return status
        return 1 if self._results.others_failed else self._of_cases()

    def _of_cases(self) -> int:
        allowed = self._config.getoption("--allow-incomplete")
        code = verdict.exit_code((r.verdict for r in self._results), allow_incomplete=allowed)
        asked = max(self.notes.values(), default=0)
        return asked if asked and code in {verdict.EXIT.as_expected, verdict.EXIT.incomplete} else code

    def summary(self, terminal: pytest.TerminalReporter) -> None:
        """Write the verdict, in words."""
        from mockvendors.conformance.show import in_one_line

        in_one_line(terminal)
        terminal.ensure_newline()
        if self.refusals:
            terminal.section("mockvendors: nothing was judged")
            for text, code in self.refusals.items():
                terminal.write_line(f"ERROR: {text}", red=True)
                if code == verdict.EXIT.harness:
                    terminal.write_line(summary.NOT_JUDGED)
        self._verdicts(terminal)

    def _verdicts(self, terminal: pytest.TerminalReporter) -> None:
        for connect in dict.fromkeys(result.connect for result in self._results):
            results = [result for result in self._results if result.connect == connect]
            terminal.section(summary.heading(results))
            for line in summary.lines(results):
                terminal.write_line(line)
        hints = summary.hints(self._of_cases(), list(self._results)) if len(self._results) else ()
        for line in [*self.notes, *hints]:
            terminal.write_line(line)


def traits(item: pytest.Item) -> Any:
    """Return the vendor's traits as the case's class gives them. Raises UsageFault for a class that forgot them."""
    cls = item.cls  # type: ignore[attr-defined]  # a case is a method of a class
    if not hasattr(cls, "traits"):
        raise UsageFault(f"{cls.__module__}.{cls.__qualname__} sets no traits", "Write `traits = ...` into the class of cases")
    return cls.traits
