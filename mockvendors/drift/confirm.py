"""What recordings of the vendor itself are evidence of: statuses and fields that it answered, rules by which it refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mockvendors.cassettes.recording import Recording
from mockvendors.contract import Contract
from mockvendors.drift.exchanges import beside, exchange
from mockvendors.drift.findings import Finding
from mockvendors.drift.run import Played, usual
from mockvendors.drift.shown import everywhere, shown
from mockvendors.evidence import Control, Expected, RightIsRefused, judge

RECORDED = "recorded"


@dataclass(frozen=True)
class Confirmed:
    """A statement that a recording confirms."""

    id: str
    level: str
    """As the contract has it so far."""
    recording: Recording
    """The newest that shows it."""


def confirmed(contract: Contract, played: Iterable[Played], findings: Iterable[Finding]) -> list[Confirmed]:
    """Return what is confirmed and nowhere contradicted, in the contract's order; a recording of a mock confirms nothing."""
    findings, newest = tuple(findings), dict[str, Recording]()
    blunt, needed = _blunt(findings), everywhere(contract)
    for one in sorted((one for one in played if one.recording.is_evidence), key=lambda one: one.recording.header.time):
        seen = shown(contract, (interaction for _, interaction in one.recording.placed()))
        newest |= dict.fromkeys((id_ for id_, places in seen.items() if places >= needed[id_]), one.recording)
        newest |= dict.fromkeys(_rules(contract, one, blunt), one.recording)
    contradicted = {id_ for finding in findings for id_ in finding.change}
    return [
        Confirmed(item.id, item.level, newest[item.id])
        for item in contract.evidence
        if item.id in newest and item.id not in contradicted
    ]


def _rules(contract: Contract, played: Played, blunt: RightIsRefused) -> Iterator[str]:
    """Yield the rules by which the vendor refused; that its answers are those of the rule was seen beside the mock's."""
    controls: list[Control] = [blunt, beside(contract, usual(played.recording))]
    for one in played.refused:
        refused = exchange(contract, one.interaction)
        if judge(Expected((refused.status,)), refused, controls).verdict == "confirmed":
            yield one.rule


def _blunt(findings: Iterable[Finding]) -> RightIsRefused:
    """Return calls and statuses by which the vendor refuses what the mock takes: such a status tells no cause."""
    refused = (finding for finding in findings if finding.what == "refused")
    calls: dict[tuple[str, int | None], str] = {
        (place.operation, int(finding.recorded.partition(" ")[0])): f"{place} is refused so, and keeps every rule"
        for finding in refused
        for place in finding.places
    }
    return RightIsRefused(calls)
