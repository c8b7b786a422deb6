"""The fields of a fault: what each takes, in which unit, and what to say when it is given something else."""

from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta

from mockvendors.errors import UsageFault
from mockvendors.nearest import remedy

_LONGEST = 86_400.0
_PATTERN = "matching regex"
"""How msgspec tells that a text has another form."""

Seconds = Annotated[float, Meta(gt=0, le=_LONGEST)]
Pixels = Annotated[int, Meta(ge=32, le=8192)]
"""A stamp needs 32 of them."""


def accept(kind: type, name: str, value: object, *, text: bool = False) -> Any:  # noqa: ANN401 - any scalar
    """Return a value for a field of a fault, converted where it comes as text; UsageFault tells what the field takes."""
    try:
        return msgspec.convert(value, _hints(kind)[name], strict=not text)
    except msgspec.ValidationError as error:
        cause = str(error).replace("`", "")
        told = f"{name} of the fault {_slug(kind)} cannot be {value!r}"
        why = "" if _PATTERN in cause else f": {cause[:1].lower()}{cause[1:]}"  # the description says what a pattern means
        raise UsageFault(f"{told}{why}", f"{name}: {describe(kind, name)}") from None


def describe(kind: type, name: str) -> str:
    """Return what a field of a fault means, with its unit."""
    return str(msgspec.json.schema(_hints(kind)[name]).get("description", ""))


def explained(kind: type) -> dict[str, str]:
    """Return every field of a fault with what it means."""
    return {field.name: describe(kind, field.name) for field in fields(kind)}


def unknown(what: str, name: object, known: Iterable[str]) -> UsageFault:
    """Return the fault of a name that does not exist; it tells the nearest that do, else all."""
    return UsageFault(f"There is no {what} {name!r}", remedy(str(name), sorted(known)))


def _slug(kind: type) -> str:
    return str(getattr(kind, "name", kind.__name__))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)
