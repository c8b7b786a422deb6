"""A verdict in pytest's own report: its outcome, the text that a person reads, and nothing secret in either."""

from itertools import chain

import pytest

from mockvendors.conformance.judge import Judgement
from mockvendors.conformance.results import is_of_a_case
from mockvendors.conformance.scene import scene
from mockvendors.conformance.verdict import BAD, Verdict
from mockvendors.drivers.process import DriverProcess
from mockvendors.redact import without_tokens

NOISE = ("metrics_collected is deprecated", "no warmed process available", "resume_false_interruption is enabled")
"""What the framework says in every case: to each listener of metrics, when jobs follow each other quickly, to each avatar."""

STDERR_SHOWN = 15


def show(report: pytest.TestReport, item: pytest.Item, judgement: Judgement) -> None:
    """Make the report of a phase show its verdict."""
    said = judgement.verdict
    if said is Verdict.WARN and report.when != "setup":
        report.outcome, report.longrepr = "passed", None
    elif said in {Verdict.NOT_CLAIMED, Verdict.NOT_VERIFIED, Verdict.WARN}:  # after a setup that passed, pytest runs the case
        report.outcome = "skipped"
        report.longrepr = (str(item.path), item.location[1] or 0, f"{said.value}: {judgement.reason}")
    elif said is Verdict.EXPECTED:
        report.outcome = "skipped"
        report.wasxfail = judgement.reason  # pytest's own mark of an expected failure
    elif said is Verdict.STALE:
        report.outcome, report.longrepr = "failed", judgement.reason
    if judgement.text is not None and said in BAD | {Verdict.ERROR, Verdict.EXPECTED}:
        report.longrepr = judgement.text
    if said in BAD | {Verdict.EXPECTED}:
        report.sections.clear()  # what the harness said is no word about the plugin
    _add_stderr(report, item)
    _without_secrets(report, item)


def in_one_line(terminal: pytest.TerminalReporter) -> None:
    """Leave only the first line of what failed cases say, once pytest has printed it in full.

    On a CI pytest does not cut the lines of its short summary: there each failure would stand twice.
    """
    for report in chain.from_iterable(terminal.stats.values()):
        said = getattr(report, "longrepr", None)
        if isinstance(said, str) and is_of_a_case(report):
            report.longrepr = said.strip().partition("\n")[0]


def _add_stderr(report: pytest.TestReport, item: pytest.Item) -> None:
    driver = scene(item).driver
    if report.outcome == "failed" and driver is not None and (heard := worth_reading(driver)):
        report.sections.append(("driver stderr", heard))


def worth_reading(driver: DriverProcess) -> str:
    """Return the last lines of a driver, without what every driver says, and what it waited for."""
    lines = [line for line in driver.stderr if not any(noise in line for noise in NOISE)]
    return "\n".join(lines[-STDERR_SHOWN:] + driver.waits)


def _without_secrets(report: pytest.TestReport, item: pytest.Item) -> None:
    """Remove the key and the join token, which a plugin's own words may hold: what is printed here ends in a CI's log."""
    check = scene(item).check
    known = check.secrets if check is not None else ()
    if isinstance(report.longrepr, str):
        report.longrepr = without_tokens(report.longrepr, known)
    report.sections = [(name, without_tokens(text, known)) for name, text in report.sections]
