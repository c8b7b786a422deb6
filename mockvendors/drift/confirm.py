"""What recordings of the vendor itself are evidence of: statuses and fields that it answered, rules by which it refused."""

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
    newest: dict[str, Recording] = {}
    for one in sorted((one for one in played if one.recording.is_evidence), key=lambda one: one.recording.header.time):
        shown = set(one.confirmed)
        for _, interaction in one.recording.placed():
            shown |= set(_shown(contract, operation_of(contract, interaction.sent), interaction.answer))
        newest |= dict.fromkeys(shown, one.recording)
    contradicted = {id_ for finding in findings for id_ in finding.change}
    return [
        Confirmed(item.id, item.level, newest[item.id])
        for item in contract.evidence
        if item.id in newest and item.id not in contradicted
    ]


def _shown(contract: Contract, operation: Operation | None, answer: Answer) -> Iterator[str]:
    """Yield the ids of a documented status and of the fields in it that have a value of a right type."""
    if operation is None or answer.status not in operation.replies:
        return
    mark = reply_mark(contract, operation, answer.status)
    if "level" in mark:
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
