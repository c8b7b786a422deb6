"""Near misses: which rule a request broke, what was expected in words, and what came instead."""

import ast
import json
from collections.abc import Iterator
from typing import Any

from mockvendors.admin.matching import MISSING
from mockvendors.admin.messages import Miss
from mockvendors.contract import Contract, Rule, Violation
from mockvendors.journal import Entry
from mockvendors.nearest import near

_UNAUTHORIZED = 401
_WORDS = {
    "type": "a value of type {}",
    "required": "an object with {}",
    "enum": "one of {}",
    "const": "exactly {}",
    "minimum": "a number from {}",
    "exclusiveMinimum": "a number above {}",
    "maximum": "a number up to {}",
    "exclusiveMaximum": "a number below {}",
    "minLength": "a text of at least {} characters",
    "maxLength": "a text of at most {} characters",
}
"""By keyword of a schema: what it asks for. Others, such as patterns, say nothing to a person; the rule does."""
_HEADERS = {"content_type": "content-type", "size": "content-length"}
"""By what every vendor refuses: the header that it is about."""


def misses(vendor: str, contract: Contract, entry: Entry) -> Iterator[Miss]:
    """Yield each rule that a request broke."""
    operation = contract.operations.get(entry.operation or "")
    places = operation.check_request(entry.body) if operation and entry.body is not None else ()
    reply = entry.reply
    for name in entry.broken:
        rule = contract.rules[name]
        place = next((place for place in places if place.rule.id == name), None)
        yield Miss(
            vendor=vendor,
            tenant=entry.tenant,
            number=entry.number,
            request=f"{entry.method} {entry.path}",
            rule=name,
            level=rule.level,
            source=rule.source,
            text=rule.text,
            where=place.where if place else "",
            expected=_wanted(place) if place else _right(contract, rule, entry),
            actual=place.actual if place else _came(contract, rule, entry),
            told=str(reply.get("message", "")) if isinstance(reply, dict) else "",
        )


def _wanted(place: Violation) -> str:
    """Return what a schema wants at a place, in words."""
    keyword, _, told = place.expected.partition(" ")
    if not told or keyword not in _WORDS:
        return place.rule.text
    return _WORDS[keyword].format(_listed(told) if told.startswith("[") else told)


def _listed(told: str) -> str:
    """Return the items of a list that is written as Python does."""
    items: list[Any] = ast.literal_eval(told)
    return ", ".join(item if isinstance(item, str) else json.dumps(item) for item in items)


def _right(contract: Contract, rule: Rule, entry: Entry) -> str:
    """Return what would have been right, where a rule is about no place of the body."""
    kinds, path = _kinds(contract, rule), entry.path.partition("?")[0]
    if "method" in kinds:
        return f"{' or '.join(contract.find(entry.method, path)[2])} {path}"
    if "path" in kinds:
        paths = near(path, [operation.path for operation in contract.operations.values()], alike=0.0)  # any is an example
        return f"a path of the API, such as {paths[0]}" if paths else rule.text
    return rule.text


def _came(contract: Contract, rule: Rule, entry: Entry) -> Any:  # noqa: ANN401 - any JSON value
    """Return that of a request which a rule is about, where it is about no place of the body."""
    kinds = _kinds(contract, rule)
    header = next((_HEADERS[kind] for kind in kinds if kind in _HEADERS), None)
    if rule.status == _UNAUTHORIZED:
        header = "authorization"
    if header is not None:
        return f"{header}: {entry.headers.get(header, MISSING)}"
    if kinds & {"method", "path", "double_slash"} or entry.body is None:
        return f"{entry.method} {entry.path}"
    return entry.body


def _kinds(contract: Contract, rule: Rule) -> set[str]:
    """Return what this rule stands for of what every vendor refuses."""
    return {kind for kind, name in contract.generic.items() if name == rule.id}
