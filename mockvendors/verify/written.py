"""`x-probes` of a contract as it is written: names and types, before anything is made of it."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType, field

from mockvendors.errors import UsageFault


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping whose unknown fields are errors."""


class Row(Strict, frozen=True, kw_only=True):
    """A value out of the first row of a list that fits."""

    in_: str = field(name="in")
    """JSON pointer to the list."""
    where: dict[str, list[Any]] = {}
    """Field of a row -> allowed values."""
    take: str
    """JSON pointer into the row."""


class Written(Strict, frozen=True, kw_only=True):
    """One try; see docs/verify.md."""

    rule: str
    try_: str = field(name="try")
    call: str | None = None
    request: str | None = None
    path: dict[str, str] = {}
    authorization: str | None = "Bearer {key}"
    type: str = "application/json"
    body: Any = UNSET
    change: dict[str, Any] | UnsetType = UNSET
    fill: dict[str, int] = {}
    blanks: int = 0
    raw: str | UnsetType = UNSET
    status: list[int] = []
    error: bool = False
    control: bool = False
    keep: dict[str, str | Row] = {}
    needs: list[str] = []


class Group(Strict, frozen=True, kw_only=True):
    """Rules that nothing tries, for one reason."""

    because: str
    state: bool = False
    rules: list[str]


class Probes(Strict, frozen=True, kw_only=True):
    """All of it."""

    error_at: str = "/error"
    right: dict[str, Any] = {}
    tries: list[Written]
    not_tried: list[Group] = []


def read(raw: object, place: str) -> Probes:
    """Return what is written; UsageFault names file and place where it has not the form."""
    try:
        probes = msgspec.convert(raw, Probes)
    except msgspec.ValidationError as error:
        cause = str(error).replace("`", "").replace("$", "x-probes")
        raise UsageFault(f"{place}: x-probes are wrong: {cause}", "docs/verify.md tells how to write them") from None
    if not probes.tries:
        raise UsageFault(f"{place}: x-probes have no tries", "docs/verify.md tells how to write them")
    return probes
