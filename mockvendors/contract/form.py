"""The form of a contract's document: what is a mapping, a list, a text, before anything is made of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType, field

from mockvendors import paths
from mockvendors.errors import UsageFault

_Status = Annotated[str, Meta(pattern=r"^[1-5]\d\d$")]
_Node = dict[str, Any]


class _Body(msgspec.Struct, frozen=True):
    content: dict[str, _Node] = {}


class _Operation(msgspec.Struct, frozen=True, kw_only=True):
    operation: str = field(name="operationId")
    responses: dict[_Status, _Body]
    body: _Body = field(name="requestBody", default=_Body())
    security: list[dict[str, list[str]]] = []


class _Item(msgspec.Struct, frozen=True):
    """One path; only its methods matter."""

    get: _Operation | UnsetType = UNSET
    put: _Operation | UnsetType = UNSET
    post: _Operation | UnsetType = UNSET
    delete: _Operation | UnsetType = UNSET
    patch: _Operation | UnsetType = UNSET
    head: _Operation | UnsetType = UNSET
    options: _Operation | UnsetType = UNSET


class _Info(msgspec.Struct, frozen=True):
    version: str | float


class _Components(msgspec.Struct, frozen=True):
    parameters: dict[str, _Node] = {}
    responses: dict[str, _Body] = {}
    schemas: dict[str, _Node] = {}


class _Generic(msgspec.Struct, frozen=True):
    """What every vendor refuses: the rule of each is needed, also where no client is likely to meet it."""

    auth: str
    path: str
    double_slash: str
    method: str
    size: str
    content_type: str
    json: str
    body: str
    reply: str
    crash: str


class _Document(msgspec.Struct, frozen=True, kw_only=True):
    info: _Info
    rules: _Node = field(name="x-rules")
    generic: _Generic = field(name="x-generic")
    sources: dict[str, str] = field(name="x-sources", default_factory=dict)
    settings: dict[str, _Node] = field(name="x-settings", default_factory=dict)
    tables: dict[str, _Node] = field(name="x-tables", default_factory=dict)
    covered: dict[str, dict[str, str | list[str]]] = field(name="x-table-evidence", default_factory=dict)
    security: list[dict[str, list[str]]] = []
    components: _Components = _Components()
    paths: dict[str, _Item]


def check(raw: Mapping[str, Any], place: str) -> None:
    """Refuse a document that has not this form; a UsageFault names file and place."""
    try:
        msgspec.convert(raw, _Document)
    except msgspec.ValidationError as error:
        cause = str(error).replace("`", "").replace("$.", "")
        raise UsageFault(f"{place}: {cause}", f"Compare with {example()}") from None


def example() -> Path:
    """Return a contract that is right, as it lies on this machine."""
    return paths.contracts() / "anam" / "contract.yaml"
