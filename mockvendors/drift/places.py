"""Places in a contract by the ids of their evidence: what a finding tells to change, and what a recording confirms."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockvendors.cassettes.fields import Field, request_field
from mockvendors.contract import Contract, Operation

_MARK = "x-evidence"
_DEEPEST = 8
"""Levels of a body; a schema may contain itself."""


def reply_mark(contract: Contract, operation: Operation, status: int) -> Mapping[str, str]:
    """Return the evidence of a documented reply as the contract has it (`id`, and `level` or `rule`); empty for another."""
    node: Any = contract.raw["paths"][operation.path][operation.method.lower()]["responses"].get(str(status), {})
    if "$ref" in node:
        *_, kind, name = node["$ref"].split("/")
        node = contract.raw["components"][kind][name]
    mark: Mapping[str, str] = node.get(_MARK, {})
    return mark


def reply_ids(contract: Contract, operation: Operation, status: int) -> tuple[str, ...]:
    """Return the id of a reply's evidence, and the rule that it rests on; nothing for an undocumented one."""
    mark = reply_mark(contract, operation, status)
    return tuple(mark[key] for key in ("id", "rule") if key in mark)


def field_id(field: Field | None) -> str:
    """Return the id of the evidence of a place in a body; empty where it has none."""
    marks = (node[_MARK]["id"] for node in field.nodes if _MARK in node) if field else iter(())
    return next(marks, "")


def field_at(field: Field, pointer: str) -> Field | None:
    """Return the place that a JSON pointer leads to; None where the contract knows none."""
    found: Field | None = field
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        child = found.child(name) if found else None
        found = child or (found.item if found and name.isdigit() else None)
    return found


def types(field: Field) -> frozenset[str]:
    """Return the JSON types that a place may have, as every schema there allows it; empty: any."""
    found: frozenset[str] | None = None
    for node in field.nodes:
        given = _types(node)
        if given:
            found = given if found is None else found & given
    return found or frozenset()


def required(field: Field) -> frozenset[str]:
    """Return the names that an object at this place must have."""
    return frozenset(name for node in field.nodes for name in node.get("required", ()))


def names(field: Field) -> frozenset[str]:
    """Return the names that the contract knows of an object at this place."""
    return frozenset(name for node in field.nodes for name in node.get("properties", {}))


def named_fields(contract: Contract, operation: Operation, text: str) -> tuple[str, ...]:
    """Return the ids of those fields of a request that a text speaks of."""
    words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text))
    top = request_field(contract, operation)
    found = _below(top, 0) if top else ()
    return tuple(dict.fromkeys(id_ for name, id_ in found if name in words and id_))


def _below(field: Field, depth: int) -> Iterator[tuple[str, str]]:
    for name in sorted(names(field)) if depth < _DEEPEST else ():
        child = field.child(name)
        if child is not None:
            yield name, field_id(child)
            yield from _below(child, depth + 1)


def _types(node: Mapping[str, Any]) -> frozenset[str]:
    """Return what one schema says of the type; what a list of values says too."""
    if "enum" in node:
        return frozenset(kind for value in node["enum"] for kind in json_type(value))
    given = node.get("type", ())
    kinds = frozenset({given} if isinstance(given, str) else given)
    return kinds | {"integer"} if "number" in kinds else kinds


def json_type(value: object) -> tuple[str, ...]:
    """Return the names that JSON Schema has for a value's type, the narrowest first."""
    if value is None:
        return ("null",)
    if isinstance(value, bool):
        return ("boolean",)
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return ("integer", "number")
    if isinstance(value, float):
        return ("number",)
    if isinstance(value, str):
        return ("string",)
    return ("array",) if isinstance(value, list) else ("object",)
