"""What a contract says of each place in a body: whether a text there is public, a number, a point in time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from mockvendors.contract import Contract, Operation

_TOGETHER = ("allOf", "anyOf", "oneOf")
_ALONE = ("if", "then", "else")
_NUMBERS = {"number", "integer"}


@dataclass(frozen=True)
class Field:
    """One place of a body with every schema that holds there."""

    nodes: tuple[Mapping[str, Any], ...]
    root: Mapping[str, Any]

    @classmethod
    def of(cls, node: Mapping[str, Any], root: Mapping[str, Any]) -> "Field":
        """Return the place at which `node` stands; references lead into `root`."""
        return cls(tuple(_schemas(node, root, frozenset())), root)

    def child(self, name: str) -> "Field | None":
        """Return the place under this name; None when the contract does not know it."""
        return self._below(node["properties"][name] for node in self.nodes if name in node.get("properties", {}))

    @property
    def item(self) -> "Field | None":
        """The place of a list's items."""
        return self._below(node["items"] for node in self.nodes if isinstance(node.get("items"), Mapping))

    @property
    def described(self) -> bool:
        """Whether the contract names what an object here has; a name beside those is another name of a field, or a new one."""
        return any(node.get("properties") for node in self.nodes)

    @property
    def clear(self) -> bool:
        """Whether a text here is a value of the API and nobody's own (`x-clear`)."""
        return any(node.get("x-clear") is True for node in self.nodes)

    @property
    def numeric(self) -> bool:
        """Whether a number is at home here."""
        return any(_NUMBERS & _types(node) for node in self.nodes)

    @property
    def moment(self) -> bool:
        """Whether a point in time is at home here."""
        return any(node.get("format") == "date-time" for node in self.nodes)

    def _below(self, nodes: Iterator[Mapping[str, Any]]) -> "Field | None":
        found = tuple(schema for node in nodes for schema in _schemas(node, self.root, frozenset()))
        return Field(found, self.root) if found else None


def request_field(contract: Contract, operation: Operation | None) -> Field | None:
    """Return the place of an operation's request body."""
    if operation is None:
        return None
    node = _operation(contract, operation).get("requestBody", {})
    return _content(contract, node)


def reply_field(contract: Contract, operation: Operation | None, status: int) -> Field | None:
    """Return the place of a reply's body; with an undocumented status that of another reply of its kind.

    Refusals of all operations are alike, so that one of an unknown operation has a place too; what it grants has none.
    """
    failed = status >= HTTPStatus.BAD_REQUEST
    operations = [operation] if operation else list(contract.operations.values()) if failed else []
    for known in operations:
        replies = _operation(contract, known)["responses"]
        fitting = [code for code in replies if (int(code) >= HTTPStatus.BAD_REQUEST) == failed]
        for code in [str(status), *fitting]:
            field = _content(contract, replies.get(code, {}))
            if field is not None:
                return field
    return None


def _operation(contract: Contract, operation: Operation) -> Mapping[str, Any]:
    node: Mapping[str, Any] = contract.raw["paths"][operation.path][operation.method.lower()]
    return node


def _content(contract: Contract, node: Mapping[str, Any]) -> Field | None:
    node = _resolved(node, contract.raw)
    schema = node.get("content", {}).get("application/json", {}).get("schema")
    return None if schema is None else Field.of(schema, contract.raw)


def _schemas(node: Any, root: Mapping[str, Any], seen: frozenset[int]) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - any node
    """Yield a schema and those that hold at the same place, each once."""
    if not isinstance(node, Mapping) or id(node) in seen:
        return
    seen |= {id(node)}
    yield node
    if "$ref" in node:
        yield from _schemas(_resolved(node, root), root, seen)
    for part in [*(part for name in _TOGETHER for part in node.get(name, [])), *(node.get(name) for name in _ALONE)]:
        yield from _schemas(part, root, seen)


def _resolved(node: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = root
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    resolved: Mapping[str, Any] = found
    return resolved


def _types(node: Mapping[str, Any]) -> set[str]:
    types = node.get("type", [])
    return {types} if isinstance(types, str) else set(types)
