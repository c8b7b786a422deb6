"""One JSON Schema of a contract, compiled, with the rule that each of its keywords stands for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import jsonschema_rs

from mockvendors.contract.rules import Rule, Violation
from mockvendors.errors import UsageFault


class Schema:
    """Validates values; names the broken rule of each violation."""

    def __init__(self, node: Mapping[str, Any], components: Mapping[str, Any], rules: Mapping[str, Rule], fallback: Rule) -> None:
        self._root = {**node, "components": components}
        self._rules = rules
        self._order = {name: number for number, name in enumerate(rules)}
        self._fallback = fallback
        try:
            self._validator = jsonschema_rs.Draft202012Validator(self._root)
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            raise UsageFault(f"A schema of the contract is not valid: {error}", "Correct the contract") from error

    def check(self, value: object) -> tuple[Violation, ...]:
        """Return every violation, those of rules that stand first in `x-rules` first."""
        if self._validator.is_valid(value):
            return ()
        found = [self._violation(error) for error in self._validator.iter_errors(value)]
        return tuple(sorted(found, key=lambda violation: self._order.get(violation.rule.id, len(self._order))))

    def describes(self, pointer: str) -> bool | None:
        """Tell whether the schema says anything of what stands under a JSON pointer; None where it leaves open what may stand."""
        nodes = self._branches(self._root)
        for part in pointer.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            nodes, above = [found for node in nodes for found in self._members(node, name)], nodes
            if not nodes:
                return None if _leave_open(above) else False
        return True

    def pointers(self, deepest: int = 6) -> tuple[str, ...]:
        """Return the JSON pointers of all that the schema describes by name, so many levels deep."""
        found: dict[str, None] = {}
        level = [("", node) for node in self._branches(self._root)]
        for _ in range(deepest):
            level = [
                (f"{above}/{_escape(name)}", branch)
                for above, node in level
                for name, child in node.get("properties", {}).items()
                for branch in self._branches(child)
            ]
            found.update(dict.fromkeys(pointer for pointer, _ in level))
        return tuple(found)

    def _members(self, node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
        known = node.get("properties", {})
        return self._branches(known[name]) if name in known else []

    def _branches(self, node: Any, seen: tuple[str, ...] = ()) -> list[Mapping[str, Any]]:  # noqa: ANN401 - as above
        """Return a node and those that its references and combinations bring."""
        if not isinstance(node, Mapping):
            return []
        parts = [part for kind in ("allOf", "anyOf", "oneOf") for part in node.get(kind, ())]
        parts += [node[kind] for kind in ("then", "else") if kind in node]
        parts += node.get("dependentSchemas", {}).values()
        if (reference := node.get("$ref")) is not None and reference not in seen:
            parts.append(self._resolve(reference))
            seen = (*seen, reference)
        return [node, *(found for part in parts for found in self._branches(part, seen))]

    def _violation(self, error: jsonschema_rs.ValidationError) -> Violation:
        path = list(getattr(error, "evaluation_path", None) or error.schema_path)
        pointer = "".join(f"/{_escape(part)}" for part in error.instance_path)
        expected = _expected(self._walk(path)[-1] if path else {}, str(path[-1]) if path else "")
        return Violation(self._rule(path), pointer, expected, error.instance, f"{pointer or 'body'}: {error.message}")

    def _rule(self, path: list[str | int]) -> Rule:
        nodes = self._walk(path)
        for node, keyword in zip(reversed(nodes), reversed(path), strict=True):
            mark = node.get("x-rule") if isinstance(node, Mapping) else None
            name = mark.get(str(keyword)) if isinstance(mark, Mapping) else mark
            if name is not None:
                return self._rules[name]
        return self._fallback

    def _walk(self, path: Iterable[str | int]) -> list[Any]:
        """Return the node at which each part of `path` stands, following references."""
        node: Any = self._root
        nodes = []
        for part in path:
            nodes.append(node)
            node = self._resolve(node["$ref"]) if part == "$ref" else _child(node, part)
        return nodes

    def _resolve(self, reference: str) -> Any:  # noqa: ANN401 - any node of the document
        node: Any = self._root
        for part in reference.removeprefix("#/").split("/"):
            node = _child(node, part.replace("~1", "/").replace("~0", "~"))
        return node


def _child(node: Any, part: str | int) -> Any:  # noqa: ANN401 - any node of the document
    if isinstance(node, list):
        return node[int(part)]
    return node.get(part, {}) if isinstance(node, Mapping) else {}


_OPENS = {"patternProperties", "unevaluatedProperties"}
"""Keywords by which members may come that stand under no name of a node's own."""


def _leave_open(nodes: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether nodes that hold at once leave open which members an object has: one of them says so, or none says anything.

    One that names some, and says nothing of others, is taken to name all: what it does not name was most likely misspelt.
    """
    return any(_OPENS & set(node) or node.get("additionalProperties") for node in nodes) or all(map(_says_nothing, nodes))


def _says_nothing(node: Mapping[str, Any]) -> bool:
    kinds = node.get("type", "object")
    is_object = "object" in ([kinds] if isinstance(kinds, str) else kinds)
    return is_object and not {"properties", "enum", "const"} & set(node) and node.get("additionalProperties") is not False


def _escape(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _expected(node: Any, keyword: str) -> str:  # noqa: ANN401 - any node of the document
    constraint = node.get(keyword) if isinstance(node, Mapping) else None
    return f"{keyword} {constraint}" if isinstance(constraint, str | int | float | list) else keyword
