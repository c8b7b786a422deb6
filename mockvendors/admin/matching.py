"""Which entries of a journal are meant, and how a request differs from one that was wanted."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mockvendors.admin.messages import Difference, Filter, Pattern
from mockvendors.journal import Entry

MISSING = "(nothing)"
"""Stands for what a request did not have."""


def fits(entry: Entry, wanted: Filter) -> bool:
    """Tell whether an entry has all that a filter names, tenant and vendor aside."""
    return not any(_facts(entry, wanted))


def differences(entry: Entry, wanted: Pattern) -> list[Difference]:
    """Return everything in which a request is not what was wanted; nothing: it fits."""
    found = list(_facts(entry, wanted))
    for name, value in wanted.headers.items():
        actual = entry.headers.get(name.lower(), MISSING)
        if actual != value:
            found.append(Difference(where=f"header {name}", expected=value, actual=actual))
    if wanted.body is not msgspec.UNSET:
        found.extend(_unlike(wanted.body, entry.body, ""))
    return found


def told(wanted: Filter) -> str:
    """Return a filter in words."""
    fields = msgspec.to_builtins(wanted)
    return (
        ", ".join(f"{name} {value if isinstance(value, str) else json.dumps(value)}" for name, value in fields.items()) or "any"
    )


def _facts(entry: Entry, wanted: Filter) -> Iterator[Difference]:
    single = {
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "status": entry.status,
        "session": entry.session,
    }
    for name, actual in single.items():
        expected = getattr(wanted, name)
        if expected is not None and expected != actual:
            yield Difference(where=name, expected=expected, actual=MISSING if actual is None else actual)
    for name, several in {"broken": entry.broken, "fault": entry.faults}.items():
        expected = getattr(wanted, name)
        if expected is not None and expected not in several:
            yield Difference(where=name, expected=expected, actual=list(several))


def _unlike(wanted: Any, actual: Any, where: str) -> Iterator[Difference]:  # noqa: ANN401 - any JSON value
    """Yield where `actual` does not contain `wanted`: only objects may have more than was asked for."""
    if isinstance(wanted, Mapping) and isinstance(actual, Mapping):
        for name, value in wanted.items():
            pointer = f"{where}/{str(name).replace('~', '~0').replace('/', '~1')}"
            if name in actual:
                yield from _unlike(value, actual[name], pointer)
            else:
                yield Difference(where=f"body {pointer}", expected=value, actual=MISSING)
    elif isinstance(wanted, list) and isinstance(actual, list) and len(wanted) == len(actual):
        for number, (one, other) in enumerate(zip(wanted, actual, strict=True)):
            yield from _unlike(one, other, f"{where}/{number}")
    elif isinstance(wanted, bool) != isinstance(actual, bool) or wanted != actual:  # in Python, true equals 1
        yield Difference(where=f"body {where}".strip(), expected=wanted, actual=actual)
