"""The fixed list of bodies stands at every border: each keyword of a start's schema, loosened or tightened, changes a verdict."""

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from .around import WIDE, around
from .ledger import Ledger
from .near import Near
from .oracle import Oracle

OF_A_START = ("SessionRequest", "PersonaConfig", "DirectorNotes", "Environment", "SessionOptions")
LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength")
KEYWORDS = (*LIMITS, "enum", "const", "type", "pattern", "required", "dependentRequired", "not", "if", "then", "else", "allOf")
SAME = {
    "SessionRequest  type",  # what is no object is sent by odd.py
    "Environment properties/livekitUrl minLength",  # the pattern asks for more
    "SessionOptions allOf/0/if required",  # a half pair is refused by dependentRequired as well
}
"""Changes that change no verdict on an object."""
CLOSED = {"minimum": "exclusiveMinimum", "exclusiveMinimum": "minimum", "maximum": "exclusiveMaximum"}


@pytest.fixture(scope="module")
def bodies(subject):
    return Near(subject.raw).bodies()


def test_each_keyword_has_a_body_on_both_sides_of_it(subject, bodies):
    schemas = subject.raw["components"]["schemas"]
    right = _verdicts(schemas, bodies)
    changed = [(what, one) for name in OF_A_START for what, one in _changed(schemas, name)]
    assert len(changed) > 80, "fewer changes than the schema has keywords"
    missed = [what for what, one in changed if _verdicts(one, bodies) == right]
    assert {what.rpartition(":")[0] for what in missed} == SAME


def test_each_rule_of_a_body_is_broken_and_kept(subject, bodies):
    oracle, settings = Oracle(subject.raw), {name: node["default"] for name, node in subject.raw["x-settings"].items()}
    expected = [oracle._start("startSession", body, Ledger("key", settings), None).broken for body in bodies]
    together = set().union(*expected)
    marked = {rule for name in OF_A_START for rule in _marks(subject.raw["components"]["schemas"][name])}
    assert together >= marked | {"anam.size.pair", "anam.avatar.unknown", "anam.avatar.model"}
    alone = {rule for broken in expected if len(broken) == 1 for rule in broken}
    assert together - alone == {"anam.avatar.model-name"}, "what is no text is no model's name either; the others break alone"
    assert expected.count(frozenset()) > len(bodies) / 4, "most are refused, but the inside of each border must be there"


def test_lengths_are_of_characters():
    values = around({"type": "string", "maxLength": 3})
    assert {"xxx", "xxxx", WIDE * 3, WIDE * 4} <= {value for value in values if isinstance(value, str)}


def _verdicts(schemas: Any, bodies: list[Any]) -> list[bool]:
    root = {"$ref": "#/components/schemas/SessionRequest", "components": {"schemas": schemas}}
    validator = jsonschema_rs.Draft202012Validator(root)
    return [validator.is_valid(body) for body in bodies]


def _changed(schemas: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield the schemas with one keyword below a schema taken out, moved by one, or without one of its values."""
    for path, keyword, value in list(_keywords(schemas[name], ())):
        for what, node in _changes(keyword, value):
            copied = copy.deepcopy(schemas)
            target = copied[name]
            for part in path:
                target = target[part]
            del target[keyword]
            target.update(node)
            yield f"{name} {'/'.join(map(str, path))} {keyword}: {what}", copied


def _keywords(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str, Any]]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if key in KEYWORDS and (not path or path[-1] != "properties"):
            yield path, key, value
        if isinstance(value, dict | list) and not str(key).startswith("x-"):
            yield from _keywords(value, (*path, key))


def _changes(keyword: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if keyword not in ("then", "else", "if"):  # one without the other says nothing
        yield "taken out", {}
    if keyword in LIMITS:
        yield from ((f"{value} becomes {other}", {keyword: other}) for other in (value - 1, value + 1) if other >= 0)
        yield from (("open or closed", {CLOSED[keyword]: value}),) if keyword in CLOSED else ()
    if keyword in ("enum", "required") and isinstance(value, list):
        yield from ((f"without {one}", {keyword: [other for other in value if other != one]}) for one in value if len(value) > 1)
    if keyword == "type" and isinstance(value, list):
        yield from ((f"only {one}", {keyword: one}) for one in value)


def _marks(node: Any) -> Iterator[str]:
    mark = node.get("x-rule", ()) if isinstance(node, dict) else ()
    yield from [mark] if isinstance(mark, str) else mark.values() if isinstance(mark, dict) else ()
    for value in node.values() if isinstance(node, dict) else node:
        if isinstance(value, dict | list):
            yield from _marks(value)
