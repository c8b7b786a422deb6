"""Bodies of a start just inside and just outside of each rule: a fixed list, worked out from the contract's schema and tables.

Each differs from a right body in one field, or in one group of fields that the schema names together. Whether it is to be taken
is for the oracle to say; here stands only where the borders run.
"""

import copy
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .around import Schema, around, unlike, variants
from .bodies import JOIN, REFUSED_PAIRS, into, pairs

Body = dict[str, Any]
ABSENT = object()
ROOM = {"livekitUrl": "ws://127.0.0.1:7880", "livekitToken": JOIN}
ADDRESSES = [ROOM["livekitUrl"], "wss://x", "http://x", "https://[::1]/x", "ftp://x", "x ws://x"]
APPLICATORS = ("not", "if", "then", "else", "allOf", "anyOf", "oneOf")


@dataclass(frozen=True)
class Field:
    """A field of the body."""

    path: tuple[str, ...]
    node: Schema
    partners: tuple[str, ...]
    """Fields beside it that the schema names together with it."""


class Near:
    """The list of one contract."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._tables = raw["x-tables"]
        self._avatar = next(iter(self._tables["avatars"]))
        self._right = self._samples()
        self.fields = list(self._walk(raw["components"]["schemas"]["SessionRequest"], ()))

    def bodies(self) -> list[Body]:
        """Return all bodies, each once."""
        made = [self._base(), {}, *self._fields(), *self._groups(), *self._names(), *self._catalogue(), *self._sizes()]
        return unlike(made)

    def _base(self, **persona: object) -> Body:
        """Return the smallest right body, with these fields of its persona."""
        return {"personaConfig": {"avatarId": self._avatar, **persona}}

    def _samples(self) -> dict[str, list[Any]]:
        """Return values that are taken, of fields whose schema cannot tell one."""
        row = self._tables["avatars"][self._avatar]
        width, height = self._tables["sizes"][row["activeVersion"]]["default"].split("x")
        return {
            "avatarId": [self._avatar],
            "personaId": [next(iter(self._tables["personas"]))],
            "avatarModel": [row["activeVersion"]],
            "videoWidth": [int(width), float(width), width],
            "videoHeight": [int(height), float(height), height],
            "region": ["eu"],
            "livekitUrl": ADDRESSES,
            "livekitToken": [JOIN],
        }

    def _walk(self, node: Schema, path: tuple[str, ...]) -> Iterator[Field]:
        for name, child in node.get("properties", {}).items():
            resolved = {**self._resolved(child), **{key: value for key, value in child.items() if key != "$ref"}}
            partners = sorted({other for group in _groups(node) if name in group for other in group} - {name})
            yield Field((*path, name), resolved, tuple(partners))
            yield from self._walk(resolved, (*path, name))

    def _resolved(self, node: Schema) -> Schema:
        return self._raw["components"]["schemas"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node

    def right(self, field: Field) -> list[Any]:
        """Return values that a field takes."""
        listed = [value for value in field.node.get("enum", ()) if value is not None]
        kinds: Any = field.node.get("type", "string")
        kind = next(name for name in ([kinds] if isinstance(kinds, str) else kinds) if name != "null")
        plain = {"string": "x", "boolean": True, "object": {}, "number": 1, "integer": 1, "array": []}[kind]
        return self._right.get(field.path[-1]) or listed or [plain]

    def _fields(self) -> Iterator[Body]:
        """Yield each field with every value around its schema: alone, and beside right partners."""
        for field in self.fields:
            beside = {name: self.right(other)[0] for name in field.partners for other in [self._beside(field, name)]}
            for value in around(field.node, self.right(field)):
                for partners in unlike([{}, beside]):
                    yield from self._for_models(field, self._with(field, {**partners, field.path[-1]: value}))

    def _groups(self) -> Iterator[Body]:
        """Yield every combination of absent, null, empty and right in fields that the schema names together."""
        for field in self.fields:
            for name in (name for name in field.partners if name > field.path[-1]):
                names = (field.path[-1], name)
                states = [[ABSENT, None, "", *self.right(one)] for one in (field, self._beside(field, name))]
                for values in itertools.product(*states):
                    yield from self._for_models(field, self._with(field, dict(zip(names, values, strict=True))))

    def _names(self) -> Iterator[Body]:
        """Yield fields that nobody knows, which any value may have: names in another case, and one at each place."""
        for field in self.fields:
            name = field.path[-1]
            for other in (name.lower(), name.upper(), name[0].upper() + name[1:], "unknown"):
                if other != name:
                    yield self._with(field, {other: ["text"], **({} if name != "avatarId" else {name: self._avatar})})

    def _catalogue(self) -> Iterator[Body]:
        """Yield every avatar with every model, every persona, and what is nearly one of their names."""
        tables = self._tables
        for avatar in tables["avatars"]:
            for model in (None, *tables["sizes"]):
                yield self._base(avatarId=avatar, avatarModel=model)
            yield from (self._base(avatarId=near) for near in variants(avatar))
        for model in tables["sizes"]:
            yield from (self._base(avatarModel=near) for near in variants(model))
        for persona in tables["personas"]:
            for avatar in (self._avatar, None, "", "nobody", 7):
                yield self._base(avatarId=avatar, personaId=persona)
            yield from (self._base(personaId=near) for near in variants(persona))

    def _sizes(self) -> Iterator[Body]:
        """Yield, for every model, its default, every pair of the table, and what is nearly one; in a room, where sizes show."""
        everything = [*pairs(self._tables["sizes"]), *REFUSED_PAIRS]
        turned = [(height, width) for width, height in everything]
        for model, row in self._tables["sizes"].items():
            own = pairs({"": row})
            near = [(w + a, h + b) for w, h in own for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.5, 0), (0, 0.5), (w, h))]
            body = {**self._base(avatarId=self._who_has(model), avatarModel=model), "environment": ROOM}
            yield body
            for width, height in [(None, None), *everything, *turned, *near]:
                yield {**body, "sessionOptions": {"videoWidth": width, "videoHeight": height}}

    def _for_models(self, field: Field, body: Body) -> Iterator[Body]:
        """Yield a body, and, if it is about what some models ignore, the same for each of these."""
        yield body
        ignores = {model: set(row.get("ignores", {}).get("rules", ())) for model, row in self._tables["sizes"].items()}
        for model in (model for model, rules in ignores.items() if rules & set(_marks(field.node))):
            older = copy.deepcopy(body)
            older["personaConfig"].update({"avatarId": self._who_has(model), "avatarModel": model})
            yield older

    def _with(self, field: Field, values: Mapping[str, Any]) -> Body:
        """Return the smallest right body with these fields beside and in the place of a field, and without its other partners."""
        body = self._base()
        node: Any = body
        for name in field.path[:-1]:
            node = node.setdefault(name, {})
        for name in (field.path[-1], *field.partners):
            node.pop(name, None)
        for name, value in values.items():
            if value is not ABSENT:
                into(body, (*field.path[:-1], name), copy.deepcopy(value))
        return body

    def _beside(self, field: Field, name: str) -> Field:
        return next(other for other in self.fields if other.path == (*field.path[:-1], name))

    def _who_has(self, model: str) -> str:
        return next(name for name, row in self._tables["avatars"].items() if model in row["availableVersions"])


def _groups(node: Schema) -> Iterator[set[str]]:
    """Yield the sets of fields that an object's schema names together."""
    for name, others in node.get("dependentRequired", {}).items():
        yield {name, *others}
    for part in [node, *node.get("allOf", ())]:
        yield {name for key in APPLICATORS if key in part and key != "allOf" for name in _named(part[key])}


def _named(node: Any) -> Iterator[str]:
    for part in node if isinstance(node, list) else [node]:
        yield from [*part.get("required", ()), *part.get("properties", ())]
        for key in APPLICATORS:
            yield from _named(part[key]) if key in part else ()


def _marks(node: Schema) -> Iterator[str]:
    """Yield the rules that a field's schema names."""
    marks = node.get("x-rule", ())
    yield from [marks] if isinstance(marks, str) else marks.values() if isinstance(marks, Mapping) else marks
