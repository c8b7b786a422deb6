"""Which statements about answers a recording shows, and where: a statement that holds at several places is shown at each, or not.

A status stands at a call. A field stands at a call and a status, and there at a pointer into the body; all statuses by which a
call says that it did what it is for are one place, since a right request gets one of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from mockvendors.cassettes.fields import Field, reply_field
from mockvendors.cassettes.interaction import Answer, Interaction, NotJson
from mockvendors.contract import Contract, Operation
from mockvendors.drift.places import field_id, json_type, names, reply_mark, types

Place = tuple[str, int, str]
"""Operation, status and, of a field, the pointer; a list's items are `*`."""
Seen = dict[str, set[Place]]
_DEEPEST = 8
"""Levels of a body; a schema may contain itself."""
_DONE = 200
"""Stands for every status of success."""


def everywhere(contract: Contract) -> Mapping[str, frozenset[Place]]:
    """Return the places of every status and field of answers in a contract."""
    found: Seen = {}
    for operation in contract.operations.values():
        for status in operation.replies:
            _add(found, _status(contract, operation, status))
            field = reply_field(contract, operation, status)
            if field is not None:
                _add(found, _declared(field, (operation.id, _kind(status), ""), 0))
    return {id_: frozenset(places) for id_, places in found.items()}


def shown(contract: Contract, interactions: Iterable[Interaction]) -> Seen:
    """Return the places at which these show documented statuses, and fields with a value of a right type."""
    found: Seen = {}
    for interaction in interactions:
        operation = contract.operation(interaction.sent.method, interaction.sent.path)
        if operation is not None and interaction.answer.status in operation.replies:
            _add(found, _answered(contract, operation, interaction.answer))
    return found


def _add(found: Seen, places: Iterable[tuple[str, Place]]) -> None:
    for id_, place in places:
        found.setdefault(id_, set()).add(place)


def _answered(contract: Contract, operation: Operation, answer: Answer) -> Iterator[tuple[str, Place]]:
    yield from _status(contract, operation, answer.status)
    field = reply_field(contract, operation, answer.status)
    try:
        body = answer.json() if answer.body else None
    except NotJson:
        return
    if field is not None and body is not None:
        yield from _held(body, field, (operation.id, _kind(answer.status), ""))


def _status(contract: Contract, operation: Operation, status: int) -> Iterator[tuple[str, Place]]:
    """Yield a status that has a level of its own; one that rests on a rule follows its rule."""
    mark = reply_mark(contract, operation, status)
    if "level" in mark:
        yield mark["id"], (operation.id, status, "")


def _kind(status: int) -> int:
    return _DONE if status < HTTPStatus.MULTIPLE_CHOICES else status


def _declared(field: Field, place: Place, depth: int) -> Iterator[tuple[str, Place]]:
    if own := field_id(field):
        yield own, place
    for name in sorted(names(field)) if depth < _DEEPEST else ():
        child = field.child(name)
        if child is not None:
            yield from _declared(child, _below(place, name), depth + 1)
    if field.item is not None and depth < _DEEPEST:
        yield from _declared(field.item, _below(place, "*"), depth + 1)


def _held(value: Any, field: Field, place: Place) -> Iterator[tuple[str, Place]]:  # noqa: ANN401 - any JSON value
    allowed = types(field)
    if value is None or (allowed and not allowed & set(json_type(value))):
        return
    if own := field_id(field):
        yield own, place
    if isinstance(value, dict):
        for name, item in value.items():
            child = field.child(name)
            if child is not None:
                yield from _held(item, child, _below(place, name))
    elif isinstance(value, list) and field.item is not None:
        for item in value:
            yield from _held(item, field.item, _below(place, "*"))


def _below(place: Place, name: str) -> Place:
    operation, status, where = place
    return operation, status, f"{where}/{name}"
