"""A vendor's contract: an OpenAPI 3.1 document whose extensions carry rules, evidence, tables and switches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import unquote

from mockvendors import paths
from mockvendors.contract import document, form
from mockvendors.contract.evidence import Evidence, collect
from mockvendors.contract.operation import Operation
from mockvendors.contract.rules import Rule, load_rules
from mockvendors.contract.schema import Schema
from mockvendors.contract.settings import Setting, load_settings
from mockvendors.errors import UsageFault
from mockvendors.registry import registration

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


@dataclass(frozen=True)
class Contract:
    """What one vendor accepts and answers; immutable, so many servers can share one."""

    vendor: str
    version: str
    raw: Mapping[str, Any]
    """The document; whoever changes it, or hands it to one who might, takes a copy."""
    rules: Mapping[str, Rule]
    settings: Mapping[str, Setting]
    operations: Mapping[str, Operation]
    evidence: tuple[Evidence, ...]
    """What each of its statements rests on."""
    generic: Mapping[str, str]
    """What every vendor refuses (`path`, `method`, `json`, `content_type`, `size`, `body`, `reply`) -> rule id."""

    @staticmethod
    def load(vendor: str | Path, overlay: Mapping[str, Any] | None = None) -> "Contract":
        """Read a vendor's contract, or the file at a path: <vendor>/contract.yaml; `overlay` is merged into the tables."""
        path = vendor if isinstance(vendor, Path) else registration(vendor).contract
        contract = _made(path, vendor.parent.name if isinstance(vendor, Path) else vendor, document.content(path))
        if not overlay:
            return contract
        return replace(contract, raw={**contract.raw, "x-tables": document.merge(contract.tables, overlay)})

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any], vendor: str, place: str) -> Self:
        """Make a contract of a document of the right form; `place` names it in errors."""
        rules = load_rules(raw["x-rules"], raw.get("x-sources", {}), place)
        _known_marks(raw, rules, place)
        settings = load_settings(raw.get("x-settings", {}), place)
        generic = raw["x-generic"]
        operations = {operation.id: operation for operation in _operations(raw, rules, generic)}
        evidence = collect(raw, rules, place)
        return cls(vendor, str(raw["info"]["version"]), raw, rules, settings, operations, evidence, generic)

    @cached_property
    def tables(self) -> Mapping[str, Any]:
        """The data that the vendor module reads: sizes, catalogues, plan limits."""
        tables: Mapping[str, Any] = self.raw.get("x-tables", {})
        return tables

    def rule(self, name: str) -> Rule:
        """Return a rule by its id."""
        if name not in self.rules:
            raise UsageFault(f"The contract of {self.vendor} has no rule {name}", "Add it to x-rules")
        return self.rules[name]

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation that answers `method` on `path`."""
        operation, _, _ = self.find(method, path)
        return operation

    def find(self, method: str, path: str) -> tuple[Operation | None, dict[str, str], list[str]]:
        """Return operation, path parameters, and the methods that the path knows (none: an unknown path).

        `path` is as it was sent, still percent-encoded, so that an encoded slash stays inside of its parameter.
        """
        known = self._fixed.get(path)
        if known is not None:
            return known.get(method), {}, list(known)
        segments = [unquote(segment) for segment in path.split("/")]
        allowed = []
        for operation in self.operations.values():
            params = operation.match(segments)
            if params is not None and operation.method == method:
                return operation, params, [method]
            if params is not None:
                allowed.append(operation.method)
        return None, {}, allowed

    @cached_property
    def _fixed(self) -> dict[str, dict[str, Operation]]:
        fixed: dict[str, dict[str, Operation]] = {}
        for operation in self.operations.values():
            if "{" not in operation.path:
                fixed.setdefault(operation.path, {})[operation.method] = operation
        return fixed


@lru_cache(maxsize=16)
def _made(path: Path, name: str, text: bytes) -> Contract:
    """Make a contract of what its file holds, once for as long as that is the same: a run asks for it in seven places."""
    raw, place = document.parse(path, text), f"{path.parent.name}/{path.name}"
    form.check(raw, place)
    try:
        return Contract.from_raw(raw, name, place)
    except KeyError as error:
        raise UsageFault(f"{place}: {error} is missing or unknown", "Compare with another contract") from error
    except RecursionError:
        raise UsageFault(f"{place}: a node is nested too deeply, or contains itself", "Look at its aliases (*name)") from None
    except (TypeError, AttributeError, ValueError, IndexError) as error:
        cause = " ".join(str(error).split())
        raise UsageFault(f"{place}: something has not the form of a contract: {cause}", "Compare with another") from error


@cache
def core_rules() -> Mapping[str, Rule]:
    """Return the rules of the framework and of LiveKit, which no vendor can change; read once in a process."""
    raw = document.read(paths.contracts() / "core" / "rules.yaml")
    return MappingProxyType(load_rules(raw["x-rules"], raw["x-sources"], "core/rules.yaml"))


def _operations(raw: Mapping[str, Any], rules: Mapping[str, Rule], generic: Mapping[str, str]) -> Iterator[Operation]:
    components = raw.get("components", {})

    def schema(content: Mapping[str, Any] | None, fallback: str) -> Schema | None:
        node = (content or {}).get("application/json", {}).get("schema")
        return None if node is None else Schema(node, components, rules, rules[generic[fallback]])

    for path, item in raw["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            node = item[method]
            replies = {
                int(status): schema(_referenced(reply, components).get("content"), "reply")
                for status, reply in node["responses"].items()
            }
            request = schema(node.get("requestBody", {}).get("content"), "body")
            security = tuple(name for choice in node.get("security", raw.get("security", [])) for name in choice)
            yield Operation(node["operationId"], method.upper(), path, request, replies, rules[generic["reply"]], security)


def _referenced(node: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in node:
        return node
    *_, kind, name = node["$ref"].split("/")
    found: Mapping[str, Any] = components[kind][name]
    return found


def _known_marks(node: Any, rules: Mapping[str, Rule], place: str) -> None:  # noqa: ANN401 - any node of the document
    """Refuse a contract in which a mark or a generic refusal names a rule that does not exist."""
    if isinstance(node, list):
        for item in node:
            _known_marks(item, rules, place)
    if not isinstance(node, Mapping):
        return
    mark = node.get("x-rule", {})
    if not isinstance(mark, str | Mapping):
        raise UsageFault(f"{place}: x-rule {mark!r} is neither a rule nor a mapping of keywords to rules", "Correct it")
    names = [mark] if isinstance(mark, str) else [*mark.values(), *node.get("x-generic", {}).values()]
    for name in names:
        if name not in rules:
            raise UsageFault(f"{place}: rule {name} is used but not in x-rules", "Add it with its evidence")
    for item in node.values():
        _known_marks(item, rules, place)
