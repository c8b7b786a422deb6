"""What a vendor takes: the values in requests that it accepted, beside which a refused one shows what it was refused for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from mockvendors.cassettes.fields import Field, request_field
from mockvendors.cassettes.interaction import Interaction, NotJson, Sent
from mockvendors.cassettes.standins import alike
from mockvendors.contract import Contract, Operation
from mockvendors.drift.places import field_at, field_id

Leaf = tuple[str, str]
"""JSON pointer into a body, and the value there as JSON text."""
_EMPTY = frozenset({("", "{}")})
"""Of a call that says nothing of its own, as the second of two does."""


@dataclass(frozen=True)
class Usual:
    """The requests of one recording that were accepted, by operation."""

    contract: Contract
    accepted: Mapping[str, tuple[frozenset[Leaf], ...]]

    @classmethod
    def of(cls, contract: Contract, interactions: Iterable[Interaction]) -> "Usual":
        """Return what the vendor of these interactions takes."""
        found: dict[str, list[frozenset[Leaf]]] = {}
        for interaction in interactions:
            operation = contract.operation(interaction.sent.method, interaction.sent.path)
            if operation is not None and interaction.answer.status < HTTPStatus.MULTIPLE_CHOICES:
                found.setdefault(operation.id, []).append(_leaves_of(interaction.sent))
        return cls(contract, {name: tuple(bodies) for name, bodies in found.items()})

    def suspects(self, operation: Operation, sent: Sent) -> tuple[str, ...]:
        """Return the ids of the fields for which a request may be refused: values that no accepted one has, or what it lacks."""
        bodies, field = self.accepted.get(operation.id, ()), request_field(self.contract, operation)
        if not bodies or field is None:
            return ()
        own = _leaves_of(sent)
        places = [where for where, _ in sorted(own - frozenset().union(*bodies))]
        if not places:
            full = [frozenset(where for where, _ in body) for body in bodies if body != _EMPTY]
            always = frozenset.intersection(*full) if full else frozenset()
            places = sorted(always - {where for where, _ in own})
        return tuple(dict.fromkeys(filter(None, (_named(field, where) for where in places))))


def _named(field: Field, where: str) -> str:
    return field_id(field_at(field, where))


def _leaves_of(sent: Sent) -> frozenset[Leaf]:
    try:
        return frozenset(_leaves(sent.json(), "")) if sent.body else frozenset()
    except NotJson:
        return frozenset()


def _leaves(value: Any, where: str) -> Iterator[Leaf]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{where}/{name.replace('~', '~0').replace('/', '~1')}")
    else:
        yield where, alike(msgspec.json.encode(value).decode())
