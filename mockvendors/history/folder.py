"""The folder of a history: a report and a log of each implementation."""

from dataclasses import dataclass
from pathlib import Path

from mockvendors.errors import UsageFault
from mockvendors.history.plan import file_name
from mockvendors.implementations.connect import connect
from mockvendors.report.lines import Report
from mockvendors.report.read import read

OUR_FAULTS = {"error": 7, "not verified": 6}
"""Outcomes that say nothing of the plugin, with the exit code of a run that has one."""
JUDGED = {0, 1, 5}
"""Exit codes of runs that came to a verdict on every case; 5: none of them is claimed."""


@dataclass(frozen=True)
class Folder:
    """Where reports are kept from one run to the next."""

    path: Path
    digest: str
    """Of what judges now."""
    rule: str = ""
    """The one rule that is asked for; empty: the whole suite."""

    def report(self, label: str) -> Path:
        """Return where the report of an implementation lies, or will lie."""
        return self.path / f"{file_name(label)}.jsonl"

    def log(self, label: str) -> Path:
        """Return where all that a run prints goes."""
        return self.path / f"{file_name(label)}.log"

    def kept(self, label: str, text: str) -> Report | None:
        """Return a report that need not be made again: whole, by what judges now, and of a version that says which it is."""
        if not getattr(connect(text), "version", None):
            return None
        try:
            report = read(self.report(label))
        except UsageFault:
            return None
        header = report.header
        asked = [each.connect for each in header.implementations] == [text] and header.selection.rule == self.rule
        whole = bool(self.rule) or all(each.whole for each in report.footer.judged)
        same = [suite.digest for suite in header.suites] == [self.digest] and header.vendor_mode == "mock"
        return report if asked and whole and same and not fault(report) else None


def fault(report: Report) -> tuple[str, int] | None:
    """Return why a report is no whole one, with the exit code that says so; None where it is."""
    footer = report.footer
    if footer.refusals:
        return f"nothing was judged: {footer.refusals[0]}", footer.exit_code
    said = {line.outcome for line in report.cases}
    for outcome, code in OUR_FAULTS.items():
        if outcome in said:
            first = next(line for line in report.cases if line.outcome == outcome)
            number = sum(line.outcome == outcome for line in report.cases)
            return f"{number} {outcome}, first {first.case}: {first.reason}", code
    if footer.exit_code not in JUDGED or footer.others_failed or not footer.judged:
        return f"the run ended with exit code {footer.exit_code}", footer.exit_code if footer.exit_code not in JUDGED else 7
    return None
