"""Values just inside and just outside of what a schema allows, worked out from its keywords."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
NEIGHBOURS: list[Any] = [
    *[None, True, False, 0, 1, -1, 0.0, -0.0, 1.0, 0.5, 10**30, 1e300, 10**400],
    *["", " ", "0", "1", "true", "null", "\x00", [], [None], ["text"], {}, {"a": 1}],
]
"""One of each type, and what one type looks like when it is taken for another."""
WIDE = "\U0001f600"
"""One character, two units of UTF-16, four bytes."""


def unlike(values: Iterable[Any]) -> list[Any]:
    """Return values once each, in their order; true, 1 and 1.0 are three."""
    return list({json.dumps(value): value for value in values}.values())


def around(node: Schema, right: Iterable[Any] = ()) -> list[Any]:
    """Return what is worth trying in the place of a schema; `right` are values that the contract takes there."""
    texts = [value for value in right if isinstance(value, str)]
    found = [*right, *NEIGHBOURS, *_listed(node), *_bounds(node), *_lengths(node)]
    for text in texts:
        found += variants(text)
        found += [text[:place] + text[place + 1 :] for place in range(len(text))] if "pattern" in node else []
    return unlike(found)


def variants(text: str) -> list[str]:
    """Return what is nearly this text: other cases, blanks around it, a character more or less."""
    return [text.upper(), text.lower(), text.title(), f" {text}", f"{text} ", f"{text}\n", f"{text}x", text[:-1]]


def _listed(node: Schema) -> Iterator[Any]:
    for value in [*node.get("enum", ()), *([node["const"]] if "const" in node else ())]:
        yield value
        if isinstance(value, str):
            yield from [*variants(value), [value]]


def _bounds(node: Schema) -> Iterator[Any]:
    for name in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        if name in node:
            bound = node[name]
            yield from (bound, bound - 1, bound + 1, float(bound), bound - 0.5, bound + 0.5, str(bound))
            yield from (math.nextafter(bound, -math.inf), math.nextafter(bound, math.inf))


def _lengths(node: Schema) -> Iterator[str]:
    for length in (node[name] for name in ("minLength", "maxLength") if name in node):
        for count in (length - 1, length, length + 1):
            yield from (character * count for character in ("x", WIDE) if count >= 0)
