"""What recordings of the vendor itself are evidence of: statuses and fields that it answered, rules by which it refused."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mockvendors.cassettes.fields import Field, reply_field
from mockvendors.cassettes.interaction import Answer, NotJson
from mockvendors.cassettes.recording import Recording
from mockvendors.contract import Contract, Operation
from mockvendors.drift.findings import Finding
from mockvendors.drift.places import field_id, json_type, reply_mark, types
from mockvendors.drift.play import operation_of
from mockvendors.drift.run import Played

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
    refused, single = _refused(findings), _single(contract)
    for one in sorted((one for one in played if one.recording.is_evidence), key=lambda one: one.recording.header.time):
        shown = {found.rule for found in one.confirmed if (found.operation, str(found.status)) not in refused}
        for _, interaction in one.recording.placed():
            shown |= set(_shown(contract, operation_of(contract, interaction.sent), interaction.answer, single))
        newest |= dict.fromkeys(shown, one.recording)
    contradicted = {id_ for finding in findings for id_ in finding.change}
    return [
        Confirmed(item.id, item.level, newest[item.id])
        for item in contract.evidence
        if item.id in newest and item.id not in contradicted
    ]


def _refused(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    """Return calls and statuses by which the vendor refuses what the mock takes: such a status tells no cause."""
    refused = (finding for finding in findings if finding.what == "refused")
    return frozenset((place.operation, finding.recorded.partition(" ")[0]) for finding in refused for place in finding.places)


def _single(contract: Contract) -> frozenset[str]:
    """Return the ids of the statuses that stand for one answer of one call; what several share no single answer confirms."""
    uses = Counter(
        reply_mark(contract, operation, status).get("id", "")
        for operation in contract.operations.values()
        for status in operation.replies
    )
    return frozenset(id_ for id_, count in uses.items() if count == 1)


def _shown(contract: Contract, operation: Operation | None, answer: Answer, single: frozenset[str]) -> Iterator[str]:
    """Yield the ids of a documented status and of the fields in it that have a value of a right type."""
    if operation is None or answer.status not in operation.replies:
        return
    mark = reply_mark(contract, operation, answer.status)
    if "level" in mark and mark["id"] in single:
        yield mark["id"]
    field = reply_field(contract, operation, answer.status)
    try:
        body = answer.json() if answer.body else None
    except NotJson:
        return
    if field is not None and body is not None:
        yield from _fields(body, field)


def _fields(value: Any, field: Field) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    allowed = types(field)
    if value is None or (allowed and not allowed & set(json_type(value))):
        return
    if own := field_id(field):
        yield own
    if isinstance(value, dict):
        for name, item in value.items():
            child = field.child(name)
            if child is not None:
                yield from _fields(item, child)
    elif isinstance(value, list) and field.item is not None:
        for item in value:
            yield from _fields(item, field.item)
