"""The report: data first, for `--json`; `cli/drift.py` prints it for people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from mockvendors.contract import Contract
from mockvendors.drift.confirm import Confirmed
from mockvendors.drift.findings import Finding
from mockvendors.drift.run import Played

NO_EVIDENCE = "recorded from a mock: no evidence"


class NotCompared(msgspec.Struct, frozen=True):
    """A request of which nobody can say whether mock and vendor agree."""

    cassette: str
    number: int
    operation: str
    reason: str


class Recorded(msgspec.Struct, frozen=True):
    """One recording."""

    name: str
    recorded: str
    age_days: float
    too_old: bool
    against: str
    upstream: str
    is_evidence: bool
    requests: int
    compared: int
    agreeing: int
    missing: int
    """Requests that are in no cassette."""
    not_compared: list[NotCompared]


class Statement(msgspec.Struct, frozen=True):
    """One statement of the contract."""

    id: str
    level: str
    text: str


class Change(msgspec.Struct, frozen=True):
    """One finding."""

    what: str
    recorded: str
    mock: str
    change: list[Statement]
    setting: str
    is_evidence: bool
    places: list[str]


class Evidence(msgspec.Struct, frozen=True):
    """One statement that a recording of the vendor confirms."""

    id: str
    level: str
    """Before."""
    recording: str
    updated: bool


class Report(msgspec.Struct, frozen=True):
    """All of it."""

    vendor: str
    contract: str
    """File."""
    version: str
    recordings: list[Recorded]
    findings: list[Change]
    confirmed: list[Evidence]

    @property
    def compared(self) -> int:
        """Requests that were compared, in all recordings."""
        return sum(recording.compared for recording in self.recordings)

    @property
    def too_old(self) -> list[str]:
        """Names of recordings that are older than they may be."""
        return [recording.name for recording in self.recordings if recording.too_old]


@dataclass(frozen=True)
class Reporter:
    """Makes the report of one run."""

    contract: Contract
    file: str
    max_age: timedelta | None = None

    def report(
        self, played: Sequence[Played], findings: Sequence[Finding], confirmed: Sequence[Confirmed], updated: Sequence[Confirmed]
    ) -> Report:
        """Return the report."""
        statements = {item.id: Statement(item.id, item.level, item.text) for item in self.contract.evidence}
        new = {item.id for item in updated}
        evidence = [Evidence(item.id, item.level, item.recording.folder.name, item.id in new) for item in confirmed]
        return Report(
            self.contract.vendor,
            self.file,
            self.contract.version,
            [self._recorded(one) for one in played],
            [_change(finding, statements) for finding in findings],
            evidence,
        )

    def _recorded(self, played: Played) -> Recorded:
        recording = played.recording
        header = recording.header
        not_compared = [
            NotCompared(outcome.cassette, outcome.number, outcome.operation, outcome.not_compared)
            for outcome in played.outcomes
            if outcome.not_compared
        ]
        return Recorded(
            recording.folder.name,
            header.recorded,
            round(recording.age / timedelta(days=1), 1),
            self.max_age is not None and recording.age > self.max_age,
            header.against,
            header.upstream,
            recording.is_evidence,
            len(played.outcomes),
            played.compared,
            played.agreeing,
            header.missing,
            not_compared,
        )


def _change(finding: Finding, statements: Mapping[str, Statement]) -> Change:
    change = [statements.get(name, Statement(name, "", "")) for name in finding.change]
    places = [str(place) for place in finding.places]
    return Change(finding.what, finding.recorded, finding.mock, change, finding.setting, finding.is_evidence, places)
