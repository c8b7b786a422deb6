"""Whether a recording shows for what a call was refused: it holds the same call accepted, different just there.

A refusal alone tells nothing of its cause. What differs may be the path, the credential, the Content-Type or the body, and
only one of them; in a body one field, or several that only count together, as width and height do.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from mockvendors.cassettes.interaction import Interaction, NotJson, Sent
from mockvendors.cassettes.standins import alike
from mockvendors.contract import Contract, Operation
from mockvendors.drift.places import named_fields

_NO_OBJECT: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Controls:
    """The calls of one recording that were accepted, by operation."""

    contract: Contract
    accepted: Mapping[str, Sequence[Sent]]

    @classmethod
    def of(cls, contract: Contract, interactions: Sequence[Interaction]) -> "Controls":
        """Return the accepted calls among these."""
        found: dict[str, list[Sent]] = {}
        for interaction in interactions:
            operation = contract.operation(interaction.sent.method, interaction.sent.path)
            if operation is not None and interaction.answer.status < HTTPStatus.MULTIPLE_CHOICES:
                found.setdefault(operation.id, []).append(interaction.sent)
        return cls(contract, found)

    def show(self, refused: Interaction) -> bool:
        """Tell whether one of them differs from a refused call just where it was refused; a path of no call has none."""
        operation = self.contract.operation(refused.sent.method, refused.sent.path)
        if operation is None:
            return False
        return any(self._shows(operation, refused, control) for control in self.accepted.get(operation.id, ()))

    def _shows(self, operation: Operation, refused: Interaction, control: Sent) -> bool:
        sent = refused.sent
        whole = refused.answer.status == HTTPStatus.UNAUTHORIZED  # elsewhere a fresh token is as good as another
        others = [
            sent.url != control.url,
            _credential(sent, whole=whole) != _credential(control, whole=whole),
            _media(sent) != _media(control),
        ]
        own, accepted = _object(sent), _object(control)
        if own is None or accepted is None:
            return not any(others) and accepted is not None
        places = _parting(own, accepted)
        if any(others):
            return sum(others) == 1 and not places
        named = named_fields(self.contract, operation, _words(refused))
        return self._name(operation, places, named) and (len(places) <= 1 or _together(operation, own, places))

    def _name(self, operation: Operation, places: frozenset[str], named: tuple[str, ...]) -> bool:
        """Tell whether the vendor's words speak of one of these places, if they speak of any."""
        leaves = " ".join(place.rpartition("/")[2] for place in places)
        return not (named and places) or bool(set(named) & set(named_fields(self.contract, operation, leaves)))


def _credential(sent: Sent, *, whole: bool) -> str:
    value = sent.header("Authorization") or ""
    return value if whole else " ".join(alike(part) for part in value.split(" "))


def _media(sent: Sent) -> str:
    return (sent.header("Content-Type") or "").partition(";")[0].strip().lower()


def _object(sent: Sent) -> Mapping[str, Any] | None:
    """Return a body as an object; empty where there is none, None where it is something else."""
    try:
        body = sent.json() if sent.body else _NO_OBJECT
    except NotJson:
        return None
    return body if isinstance(body, Mapping) else None


def _words(refused: Interaction) -> str:
    try:
        body = refused.answer.json()
    except NotJson:
        return ""
    return " ".join(value for value in body.values() if isinstance(value, str)) if isinstance(body, Mapping) else ""


def _parting(one: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """Return the JSON pointers at which two bodies differ, the deepest of each."""
    differing = {where for where, _ in set(_leaves(one, "")) ^ set(_leaves(other, ""))}
    return frozenset(where for where in differing if not any(deeper.startswith(f"{where}/") for deeper in differing))


def _leaves(value: Any, where: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _leaves(item, f"{where}/{name.replace('~', '~0').replace('/', '~1')}")
    else:
        yield where, json.dumps(value, sort_keys=True)


def _together(operation: Operation, body: Mapping[str, Any], places: frozenset[str]) -> bool:
    """Tell whether each of these places counts only with the others, as the contract's schema has it."""
    whole, none = _broken(operation, body), _broken(operation, _without(body, places))
    for place in places:
        rest = _broken(operation, _without(body, {place}))
        if not (whole - rest or rest - whole - none):
            return False
    return True


def _broken(operation: Operation, body: object) -> set[tuple[str, str]]:
    return {(violation.rule.id, violation.where) for violation in operation.check_request(body)}


def _without(value: Any, places: "frozenset[str] | set[str]", where: str = "") -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(value, Mapping):
        return value
    pointers = {name: f"{where}/{name.replace('~', '~0').replace('/', '~1')}" for name in value}
    return {name: _without(item, places, pointers[name]) for name, item in value.items() if pointers[name] not in places}
