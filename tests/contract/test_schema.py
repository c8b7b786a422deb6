"""What a schema says of a place in a body: that there is something, that there is nothing, or that it leaves it open."""

import pytest

from mockvendors.contract.rules import Rule
from mockvendors.contract.schema import Schema

A = {"properties": {"a": {"type": "string"}}}
FALLBACK = Rule("acme.body", "documented", "E1", "The body is as described")


@pytest.mark.parametrize(
    ("node", "pointer", "said"),
    [
        (A, "/a", True),
        (A, "/b", False),
        (A | {"additionalProperties": False}, "/b", False),
        (A | {"additionalProperties": True}, "/b", None),
        (A | {"additionalProperties": {"type": "string"}}, "/b", None),
        (A | {"patternProperties": {"^x-": {}}}, "/x-b", None),
        ({"allOf": [A, {"additionalProperties": True}]}, "/b", None),
        ({"allOf": [A, {"required": ["a"]}]}, "/b", False),
        (A | {"if": {"required": ["a"]}, "then": {"properties": {"b": {}}}}, "/b", True),
        (A | {"if": {"required": ["a"]}, "then": {"properties": {"b": {}}}}, "/c", False),
        (A | {"dependentSchemas": {"a": {"properties": {"b": {}}}}}, "/b", True),
        ({"type": "object"}, "/b", None),
        ({"type": "string"}, "/b", False),
        ({"properties": {"a": A}}, "/a/b", False),
        ({"properties": {"a": {"type": "object"}}}, "/a/b", None),
    ],
)
def test_describes(node, pointer, said):
    assert Schema(node, {}, {}, FALLBACK).describes(pointer) is said
