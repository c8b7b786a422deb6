"""What each statement of a contract (rule, field, status, table row, setting) rests on; one without evidence is refused."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mockvendors.contract.rules import LEVELS, Rule, cited
from mockvendors.errors import UsageFault

Kind = Literal["rule", "field", "status", "event", "table", "setting"]
_MARK = "x-evidence"
_OPEN = frozenset({"id", "level", "source", "rule"})


@dataclass(frozen=True)
class Evidence:
    """One statement, and why we believe it."""

    id: str
    kind: Kind
    level: str
    source: str
    text: str
    """The statement in words."""
    where: str
    """JSON pointer into the contract's file."""


@dataclass(frozen=True)
class _Book:
    """What is needed to read evidence: known rules and sources, and the file's name for errors."""

    rules: Mapping[str, Rule]
    sources: Mapping[str, str]
    place: str

    def read(self, node: Any, kind: Kind, text: str, where: str) -> Evidence:  # noqa: ANN401 - any node of the document
        mark = node.get(_MARK) if isinstance(node, Mapping) else None
        if not isinstance(mark, Mapping) or "id" not in mark:
            raise UsageFault(f"{self.place}: {where} has no evidence", f"Give it {_MARK}: {{id: ..., level: ..., source: [...]}}")
        if unknown := set(mark) - _OPEN:
            raise UsageFault(f"{self.place}: the evidence of {mark['id']} has unknown fields {sorted(unknown)}", "Correct them")
        if "rule" in mark:
            rule = self.rules.get(mark["rule"])
            if rule is None:
                raise UsageFault(f"{self.place}: {mark['id']} rests on the unknown rule {mark['rule']}", "Add it to x-rules")
            return Evidence(mark["id"], kind, rule.level, rule.source, f"{text} ({rule.id})", where)
        if mark.get("level") not in LEVELS:
            raise UsageFault(f"{self.place}: {mark['id']} has level {mark.get('level')!r}", f"Use one of {', '.join(LEVELS)}")
        if not mark.get("source"):
            raise UsageFault(f"{self.place}: {mark['id']} has no source", "Name one of x-sources")
        return Evidence(mark["id"], kind, mark["level"], cited(mark["source"], self.sources, mark["id"], self.place), text, where)

    def row(self, node: Mapping[str, Any], name: str) -> Evidence:
        """Return the evidence of a row of a table, whose source may be words of any kind."""
        if node.get("level") not in LEVELS:
            raise UsageFault(f"{self.place}: {name} has level {node.get('level')!r}", f"Use one of {', '.join(LEVELS)}")
        if not node.get("source"):
            raise UsageFault(f"{self.place}: {name} has no source", "Say what it rests on")
        facts = ", ".join(f"{key} {value}" for key, value in node.items() if key not in {"level", "source"})
        return Evidence(name, "table", node["level"], str(node["source"]), facts or "allowed", f"/{name.replace('.', '/')}")


def collect(raw: Mapping[str, Any], rules: Mapping[str, Rule], place: str) -> tuple[Evidence, ...]:
    """Return the evidence of every statement of a contract; UsageFault names one that has none, or an id used twice."""
    book = _Book(rules, raw.get("x-sources", {}), place)
    found = (
        *(Evidence(rule.id, "rule", rule.level, rule.source, rule.text, f"/x-rules/{rule.id}") for rule in rules.values()),
        *_paths(book, raw.get("paths", {})),
        *_components(book, raw.get("components", {})),
        *_tables(book, raw.get("x-tables", {}), raw.get("x-table-evidence", {})),
        *(_setting(name, node) for name, node in raw.get("x-settings", {}).items()),
    )
    twice = [name for name, count in Counter(item.id for item in found).items() if count > 1]
    if twice:
        raise UsageFault(f"{place}: the id {twice[0]} stands twice", "Give each statement its own")
    return found


def _paths(book: _Book, paths: Mapping[str, Any]) -> Iterator[Evidence]:
    for path, item in paths.items():
        for method, node in item.items():
            if not isinstance(node, Mapping) or "responses" not in node:
                continue
            where = f"/paths/{path.replace('/', '~1')}/{method}"
            yield from _content(book, node.get("requestBody", {}), node["operationId"], f"{where}/requestBody")
            for status, reply in node["responses"].items():
                yield from _reply(book, reply, f"{node['operationId']} {status}", f"{where}/responses/{status}")


def _components(book: _Book, components: Mapping[str, Any]) -> Iterator[Evidence]:
    for name, node in components.get("parameters", {}).items():
        yield book.read(node, "field", f"{name} in the {node['in']}", f"/components/parameters/{name}")
    for name, node in components.get("responses", {}).items():
        yield from _reply(book, node, name, f"/components/responses/{name}")
    for name, node in components.get("schemas", {}).items():
        if not ({"properties", "$ref"} & set(node)):
            yield book.read(node, "field", _typed(name, node), f"/components/schemas/{name}")
        yield from _schema(book, node, name, f"/components/schemas/{name}")


def _reply(book: _Book, node: Mapping[str, Any], name: str, where: str) -> Iterator[Evidence]:
    if "$ref" in node:
        return
    yield book.read(node, "status", f"{name}: {node['description']}", where)
    yield from _content(book, node, name, where)


def _content(book: _Book, node: Mapping[str, Any], name: str, where: str) -> Iterator[Evidence]:
    for kind, content in node.get("content", {}).items():
        pointer = f"{where}/content/{kind.replace('/', '~1')}/schema"
        yield from _schema(book, content["schema"], name, pointer)


def _schema(book: _Book, node: Any, name: str, where: str) -> Iterator[Evidence]:  # noqa: ANN401 - any node of the document
    """Yield the evidence of a schema's own fields; conditions beside them repeat fields and state nothing of their own."""
    if not isinstance(node, Mapping):
        return
    for field, inner in node.get("properties", {}).items():
        pointer = f"{where}/properties/{field}"
        yield book.read(inner, "field", _typed(f"{name}.{field}", inner), pointer)
        yield from _schema(book, inner, f"{name}.{field}", pointer)
    if "items" in node:
        yield from _schema(book, node["items"], f"{name}[]", f"{where}/items")


def _tables(book: _Book, tables: Mapping[str, Any], covered: Mapping[str, Any]) -> Iterator[Evidence]:
    """Yield the evidence of every row; that of a whole table whose rows are given to clients as they stand is beside it."""
    for name, mark in covered.items():
        yield book.row({**mark, "rows": len(tables[name])}, f"x-tables.{name}")
    for name, table in tables.items():
        if name not in covered:
            yield from _rows(book, table, f"x-tables.{name}")


def _rows(book: _Book, node: Mapping[str, Any], name: str) -> Iterator[Evidence]:
    inner = {key: value for key, value in node.items() if isinstance(value, Mapping)}
    if "level" in node or "source" in node or not inner:
        yield book.row(node, name)
        return
    for key, value in inner.items():
        yield from _rows(book, value, f"{name}.{key}")


def _setting(name: str, node: Mapping[str, Any]) -> Evidence:
    default = f"default {node['default']}"
    return Evidence(f"x-settings.{name}", "setting", node["level"], node["text"], default, f"/x-settings/{name}")


def _typed(name: str, node: Mapping[str, Any]) -> str:
    if "$ref" in node:
        return f"{name}: {node['$ref'].rsplit('/', 1)[-1]}"
    if "enum" in node:
        return f"{name}: {' | '.join('null' if value is None else str(value) for value in node['enum'])}"
    kind = node.get("type", "any")
    return f"{name}: {' or '.join(kind) if isinstance(kind, list) else kind}"
