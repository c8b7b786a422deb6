"""What the operations of a vendor answer, as far as a fault of the answer needs to know it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_TOGETHER = ("allOf", "anyOf", "oneOf")
_FIRST_REFUSAL = 400


@dataclass(frozen=True)
class Answers:
    """The answers of one operation, as its contract describes them."""

    path: str
    statuses: tuple[int, ...]
    """Those below 400: of what the operation answers when nothing is wrong."""
    bodied: bool
    """Whether one of these has a body."""
    fields: frozenset[str] | None
    """Names at the first level of all its bodies, refusals among them; None where a body may have any."""

    @property
    def names_something(self) -> bool:
        """Whether its path names a thing, such as a session."""
        return "{" in self.path


def answers(contract: Mapping[str, Any]) -> dict[str, Answers]:
    """Return what each operationId of an OpenAPI document answers."""
    return {
        item[method]["operationId"]: _answers(path, item[method]["responses"], contract)
        for path, item in contract["paths"].items()
        for method in _METHODS
        if method in item
    }


def _answers(path: str, responses: Mapping[str, Any], contract: Mapping[str, Any]) -> Answers:
    bodies = {int(status): _schema(reply, contract) for status, reply in responses.items()}
    right = {status: schema for status, schema in bodies.items() if status < _FIRST_REFUSAL}
    named = [_names(schema, contract) for schema in bodies.values() if schema is not None]
    fields = None if None in named else frozenset(name for names in named if names for name in names)
    return Answers(path, tuple(right), any(schema is not None for schema in right.values()), fields)


def _schema(reply: Mapping[str, Any], contract: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = _resolved(reply, contract).get("content", {})
    schema: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
    return schema


def _names(schema: Mapping[str, Any], contract: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the fields of a body; None where its schema lists none, and any may come."""
    found = frozenset(name for node in _nodes(schema, contract, ()) for name in node.get("properties", {}))
    return found or None


def _nodes(schema: Any, contract: Mapping[str, Any], seen: tuple[int, ...]) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - any node
    """Yield a schema and those that hold at the same place; one that contains itself once."""
    if not isinstance(schema, Mapping) or id(schema) in seen:
        return
    yield schema
    inside = [node for keyword in _TOGETHER for node in schema.get(keyword, [])]
    if "$ref" in schema:
        inside.append(_resolved(schema, contract))
    for node in inside:
        yield from _nodes(node, contract, (*seen, id(schema)))


def _resolved(node: Mapping[str, Any], contract: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = contract
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    resolved: Mapping[str, Any] = found
    return resolved
