"""The shape of a recorded answer's body, held against the contract and against what the mock answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from mockvendors.cassettes.fields import Field
from mockvendors.cassettes.standins import MOMENT
from mockvendors.drift.difference import Difference
from mockvendors.drift.places import field_id, json_type, names, required, types

NOTHING = "nothing"


@dataclass(frozen=True)
class Shape:
    """Compares bodies; `fallback` are the statements to name where a place has none of its own."""

    fallback: tuple[str, ...]

    def differences(self, recorded: Any, mock: Any, field: Field, where: str = "") -> Iterator[Difference]:  # noqa: ANN401 - any JSON value
        """Yield what differs at a place and below it; what the contract leaves open differs in nothing."""
        allowed = types(field)
        if allowed and not allowed & set(json_type(recorded)):
            told = json_type(mock)[0] if mock is not None else " or ".join(sorted(allowed))
            yield Difference("type", where, json_type(recorded)[0], told, self._change(field))
        elif isinstance(recorded, str) and field.moment and recorded != MOMENT:
            yield Difference("value", where, repr(recorded), "date-time", self._change(field))
        elif isinstance(recorded, dict):
            yield from self._object(recorded, mock if isinstance(mock, dict) else {}, field, where)
        elif isinstance(recorded, list) and field.item is not None:
            example = mock[0] if isinstance(mock, list) and mock else None
            for item in recorded:
                yield from self.differences(item, example, field.item, f"{where}/*")

    def _object(self, recorded: dict[str, Any], mock: Mapping[str, Any], field: Field, where: str) -> Iterator[Difference]:
        known = names(field)
        if not known:
            return
        lacking = sorted(required(field) - set(recorded))
        added = [name for name in recorded if name not in known]
        renamed = paired(lacking, added, recorded, mock)
        for old, new in renamed.items():
            yield Difference("renamed", f"{where}/{new}", new, old, self._change(field.child(old)))
        for name in lacking:
            if name not in renamed:
                yield Difference("missing", f"{where}/{name}", NOTHING, _told(mock, name), self._change(field.child(name)))
        for name in added:
            if name not in renamed.values():
                kind = json_type(recorded[name])[0]
                yield Difference("added", f"{where}/{name}", kind, NOTHING, self._change(field))
        for name, value in recorded.items():
            child = field.child(name)
            if child is not None:
                yield from self.differences(value, mock.get(name), child, f"{where}/{name}")

    def _change(self, field: Field | None) -> tuple[str, ...]:
        own = field_id(field)
        return (own,) if own else self.fallback


def paired(lacking: list[str], added: list[str], recorded: Mapping[str, Any], mock: Mapping[str, Any]) -> dict[str, str]:
    """Return which added names of an object stand for which lacking ones: of the same type, the most alike first."""
    choices = [
        (SequenceMatcher(None, _plain(old), _plain(new)).ratio(), old, new)
        for old in lacking
        for new in added
        if old not in mock or json_type(mock[old])[-1] == json_type(recorded[new])[-1]
    ]
    pairs: dict[str, str] = {}
    for _, old, new in sorted(choices, reverse=True):
        if old not in pairs and new not in pairs.values():
            pairs[old] = new
    return pairs


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _told(mock: Mapping[str, Any], name: str) -> str:
    return json_type(mock[name])[0] if name in mock else "required"
