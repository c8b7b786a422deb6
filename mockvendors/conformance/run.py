"""One run of suites: what each case said, the list of known failures, the summary and the exit code."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mockvendors.conformance import expectations, verdict
from mockvendors.conformance.expectations import Expectation
from mockvendors.conformance.verdict import BAD, Verdict
from mockvendors.errors import EnvironmentFault, MockvendorsError, UsageFault
from mockvendors.redact import without_tokens

RUN: pytest.StashKey["Run"] = pytest.StashKey()
CHECK: pytest.StashKey[Any] = pytest.StashKey()
"""The case's `check`, kept on its item."""
DRIVER: pytest.StashKey[Any] = pytest.StashKey()
"""The driver process that served the case, kept on its item."""

LIVEKIT: pytest.StashKey[Any] = pytest.StashKey()
"""The LiveKit server of a case with a room, kept on its item."""

BLAMES = frozenset({Verdict.FAIL, Verdict.TIMEOUT, Verdict.CRASH, Verdict.ERROR})
"""What is said of a case only while its LiveKit server is alive."""

PROPERTY = "mockvendors"
"""Name under which a verdict travels in a report, from an xdist worker as well."""

GOT_NO_FURTHER = {
    Verdict.TIMEOUT: "an end within the limit",
    Verdict.CRASH: "that the implementation's process goes on",
}
"""What was expected of a case that ended without a comparison."""

NOISE = ("metrics_collected is deprecated", "no warmed process available", "resume_false_interruption is enabled")
"""What the framework says in every case: to each listener of metrics, when jobs follow each other quickly, to each avatar."""

GOOD = frozenset({Verdict.PASS, Verdict.WARN, Verdict.EXPECTED})

STDERR_SHOWN = 15


def _worth_reading(stderr: Iterable[str]) -> str:
    lines = [line for line in stderr if not any(noise in line for noise in NOISE)]
    return "\n".join(lines[-STDERR_SHOWN:])


@dataclass(frozen=True)
class CaseResult:
    """The verdict of one phase of one case."""

    case: str
    verdict: Verdict
    reason: str
    implementation: str
    of: int
    """How many cases the whole suite has; 0 where a part of it was asked for."""


def _gone(item: pytest.Item) -> EnvironmentFault | None:
    """Return what happened to the case's LiveKit server, if it is not there any more: then nothing is the plugin's fault."""
    livekit = item.stash.get(LIVEKIT, None)
    try:
        if livekit is not None:
            livekit.check()
    except EnvironmentFault as exc:
        return exc
    return None


def _means(listed: Expectation, exc: BaseException | None) -> bool:
    """Tell whether a listed failure is this one: another rule that the same case breaks is not excused."""
    return listed.rule is None or not isinstance(exc, verdict.RuleBroken) or str(exc).startswith(f"{listed.rule}:")


def case_id(nodeid: str) -> str:
    """Return a case's id below its suite: file, class, function and parameters."""
    path, _, rest = nodeid.partition("::")
    return f"{Path(path).name}::{rest}"


class Run:
    """Everything that belongs to one pytest run; no globals."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._expected: dict[str, tuple[Expectation, ...]] = {}
        self._phases: dict[str, CaseResult] = {}
        self._others_failed = False
        self._cases = 0

    def implementation(self, traits: Any) -> str:
        """Return the plugin to judge: a module's name or a Python file's path."""
        named = self._config.getoption("--implementation") or f"agents:{traits.plugin}"
        kind, _, what = str(named).partition(":")
        if kind != "agents" or not what:
            raise UsageFault(f"unknown implementation {named!r}", "Write agents:MODULE or agents:FILE.py")
        if what.endswith(".py") and not Path(what).is_file():
            raise UsageFault(f"there is no file {what}", "Give the path of the plugin's module")
        python = self._config.getoption("--implementation-python")
        if python and shutil.which(python) is None:
            raise UsageFault(f"there is no interpreter {python}", "Give the python of the environment that holds the plugin")
        return what

    def expected(self, traits: Any) -> tuple[Expectation, ...]:
        """Return the known failures: the named file's, or the suite's own for the published plugin."""
        named: Path | None = self._config.getoption("--expectations")
        plugin = self.implementation(traits)
        default = traits.description.with_name("expected") / (plugin.replace(".", "-") + ".toml")
        path = named or (default if default.is_file() else None)
        key = str(path)
        if key not in self._expected:
            self._expected[key] = expectations.load(path) if path else ()
        return self._expected[key]

    def collected(self, cases: list[pytest.Item]) -> None:
        """Check options and expectations before the first case runs; a whole suite must match every entry."""
        by_folder: dict[Path, list[pytest.Item]] = {}
        self._cases = len(cases)
        for item in cases:
            by_folder.setdefault(item.path.parent, []).append(item)
        for folder, items in by_folder.items():
            try:
                listed = self.expected(items[0].cls.traits)  # type: ignore[attr-defined]  # a case is a method of a class with traits
            except UsageFault as exc:
                raise pytest.UsageError(str(exc)) from exc
            whole = {item.path for item in items} >= set(folder.glob("test_*.py"))
            selected = any("::" in str(argument) for argument in self._config.args)
            if selected or not whole:
                self._cases = 0
            own = self._config.getoption("--expectations") or folder == items[0].cls.traits.description.parent  # type: ignore[attr-defined]  # as above
            if whole and own and not selected and (lines := expectations.unmatched(listed, [case_id(i.nodeid) for i in items])):
                raise pytest.UsageError("the expectations list is not true: " + "; ".join(lines))

    def judge(self, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        """Give the phase of a case its verdict and make the report show it."""
        exc = call.excinfo.value if call.excinfo else None
        if exc is None and call.when != "call":
            return
        if exc is not None and isinstance(exc, KeyboardInterrupt | pytest.exit.Exception):
            return
        check = item.stash.get(CHECK, None)
        said = self._said(exc, check)
        if said in BLAMES and (gone := _gone(item)) is not None:
            said, exc = Verdict.NOT_VERIFIED, gone
        listed = self._listed(item)
        final = verdict.with_expectation(said, listed.outcome if listed and call.when == "call" and _means(listed, exc) else None)
        reason = self._reason(final, exc, check, listed)
        self._show(report, item, (said, final), reason, exc)
        driver = item.stash.get(DRIVER, None)
        who = str(driver.hello) if driver is not None else ""
        report.user_properties.append((PROPERTY, [case_id(item.nodeid), final.value, reason, who, self._cases]))

    @staticmethod
    def _said(exc: BaseException | None, check: Any) -> Verdict:
        from mockvendors.drivers.process import DriverDied, DriverTimeout, Unsupported  # only where a case ran

        if isinstance(exc, pytest.skip.Exception):
            return Verdict.NOT_VERIFIED
        if isinstance(exc, EnvironmentFault):
            return Verdict.NOT_VERIFIED
        if isinstance(exc, Unsupported):
            return Verdict.NOT_CLAIMED
        if isinstance(exc, DriverDied):
            return Verdict.CRASH
        if isinstance(exc, DriverTimeout | TimeoutError):  # a probe or an avatar's log waited in vain for what the plugin owes
            return Verdict.TIMEOUT
        return verdict.of_exception(exc, warned=bool(check and check.warnings))

    def _listed(self, item: pytest.Item) -> Expectation | None:
        driver = item.stash.get(DRIVER, None)
        version = driver.hello.version if driver is not None and driver.hello else "0"
        case = case_id(item.nodeid)
        entries = self.expected(item.cls.traits)  # type: ignore[attr-defined]  # as above
        return next((e for e in entries if e.matches(case) and e.applies_to(version)), None)

    @staticmethod
    def _reason(final: Verdict, exc: BaseException | None, check: Any, listed: Expectation | None) -> str:
        if final is Verdict.EXPECTED and listed is not None:
            return listed.reason
        if final is Verdict.STALE and listed is not None:
            return f"listed as {listed.outcome.value} ({listed.reason}), yet it passed: remove the entry {listed.match!r}"
        if final is Verdict.WARN:
            return "; ".join(str(text).splitlines()[0] for text in check.warnings)
        return str(exc) if exc is not None else ""

    @staticmethod
    def _show(
        report: pytest.TestReport, item: pytest.Item, verdicts: tuple[Verdict, Verdict], reason: str, exc: BaseException | None
    ) -> None:
        said, final = verdicts
        check = item.stash.get(CHECK, None)
        mark = item.get_closest_marker("rule")
        if final in {Verdict.NOT_CLAIMED, Verdict.NOT_VERIFIED}:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, f"{final.value}: {reason}")
        elif final is Verdict.EXPECTED:
            report.outcome = "skipped"
            report.wasxfail = reason  # pytest's own mark of an expected failure
        elif final is Verdict.STALE:
            report.outcome = "failed"
            report.longrepr = reason
        # The text alone says what is wrong; a traceback through the harness does not.
        elif said in GOT_NO_FURTHER and check is not None and mark is not None:
            report.longrepr = check.ended(mark.args[0], GOT_NO_FURTHER[said], str(exc))
        elif final in BAD and isinstance(exc, verdict.RuleBroken | verdict.TimedOut | verdict.Crashed | TimeoutError):
            report.longrepr = str(exc)
        elif final is Verdict.ERROR and isinstance(exc, MockvendorsError):
            report.longrepr = f"harness fault, not the plugin's: {exc}"
        if final in BAD:
            report.sections.clear()  # what the harness said is no word about the plugin
        driver = item.stash.get(DRIVER, None)
        if report.outcome == "failed" and driver is not None and (heard := _worth_reading(driver.stderr)):
            report.sections.append(("driver stderr", heard))
        # A plugin's own words may hold the key and the join token; what is printed here ends in a CI's log.
        known = check.secrets if check is not None else ()
        if isinstance(report.longrepr, str):
            report.longrepr = without_tokens(report.longrepr, known)
        report.sections = [(name, without_tokens(text, known)) for name, text in report.sections]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a report (a hook: under xdist it runs where the summary is written); a case's worst phase is its verdict."""
        found: list[Any] = [value for name, value in report.user_properties if name == PROPERTY]
        if not found:
            self._others_failed |= report.outcome == "failed"
            return
        for case, said, reason, who, of in found:
            result = CaseResult(case, Verdict(said), reason, who, of)
            before = self._phases.get(case)
            if before is None or before.verdict in GOOD or result.verdict is Verdict.ERROR:
                self._phases[case] = result

    def exit_status(self, status: int) -> int:
        """Return the run's exit code; pytest's own stands where no case ran or pytest itself stopped."""
        if not self._phases or status not in {0, 1}:
            return status
        if self._others_failed:
            return 1
        return verdict.exit_code(
            (r.verdict for r in self._phases.values()), allow_incomplete=self._config.getoption("--allow-incomplete")
        )

    def summary(self, terminal: pytest.TerminalReporter) -> None:
        """Write the verdict, in words."""
        if not self._phases:
            return
        results = list(self._phases.values())
        who = sorted({r.implementation for r in results if r.implementation}) or ["no implementation"]
        terminal.section(f"verdict on {', '.join(who)}")
        counts = {v: sum(r.verdict is v for r in results) for v in Verdict}
        terminal.write_line(" · ".join(f"{n} {v.value}" for v, n in counts.items() if n))
        for kind in (Verdict.EXPECTED, Verdict.STALE, Verdict.WARN):
            for result in results:
                if result.verdict is kind:
                    terminal.write_line(f"  {kind.value}: {result.case}: {result.reason}")
        unverified = {r.reason for r in results if r.verdict is Verdict.NOT_VERIFIED}
        for reason in sorted(unverified):
            terminal.write_line(f"  not verified: {reason}")
        terminal.write_line(f"conformant: {_conformant(results)}")


def _conformant(results: list[CaseResult]) -> str:
    """Return yes, no, or that a part of a suite cannot tell."""
    if not verdict.conformant(r.verdict for r in results):
        return "no"
    whole = max(r.of for r in results)
    if not whole or len(results) < whole:
        return f"cannot be said: {len(results)} cases of {whole or 'a larger suite'} ran"
    return "yes"
