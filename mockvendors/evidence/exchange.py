"""One request and its answer, as far as a rule can turn on them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockvendors.contract import Operation


@dataclass(frozen=True)
class Exchange:
    """What was sent and answered; `request` is all that is compared of two requests, beside the body."""

    operation: Operation | None
    """None for a path or method that the contract does not have."""
    path: str
    """With its query."""
    credential: str
    """What authorises it, whole."""
    kind: str
    """The same without what tells one token from another of its kind."""
    media_type: str
    body: Mapping[str, Any] | None
    """Empty where there is none; None where it is no JSON object."""
    status: int
    error: object = None
    """The text by which the vendor tells its errors apart; whatever stands there."""
    words: str = ""
    """All texts of the answer, in which a refusal may name what it is for."""

    @cached_property
    def leaves(self) -> frozenset[tuple[str, str]]:
        """The values of the body: JSON pointer and JSON text."""
        return frozenset(_leaves(self.body or {}, ""))

    def holds(self, place: str) -> bool:
        """Tell whether the body has something at a JSON pointer."""
        return holds(self.body, place)


def places(body: Mapping[str, Any] | None) -> frozenset[str]:
    """Return the JSON pointers of the values of a body."""
    return frozenset(where for where, _ in _leaves(body or {}, ""))


def holds(body: Mapping[str, Any] | None, place: str) -> bool:
    """Tell whether a body has something at a JSON pointer."""
    return any(where == place or where.startswith(f"{place}/") for where in places(body))


def _leaves(value: Any, where: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _leaves(item, below(where, name))
    else:
        yield where, json.dumps(value, sort_keys=True)


def below(where: str, name: str) -> str:
    """Return the JSON pointer of a name below another place."""
    return f"{where}/{name.replace('~', '~0').replace('/', '~1')}"
