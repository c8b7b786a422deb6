"""Faults of the body of a vendor's answer; its status and type stay as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from msgspec.structs import replace

from mockvendors.faults.plan import Exchange, Proceed
from mockvendors.replies import Reply


@dataclass(frozen=True)
class _Raw:
    """Sends these bytes for the body; the vendor has acted."""

    raw: ClassVar[bytes]
    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the same of all HTTP faults
        """Exchange the body."""
        return replace(await proceed(), raw=self.raw)


@dataclass(frozen=True)
class InvalidJson(_Raw):
    """The body breaks off inside a string."""

    raw: ClassVar[bytes] = b'{"sessionId": "'


@dataclass(frozen=True)
class EmptyBody(_Raw):
    """The type says JSON, the body is empty."""

    raw: ClassVar[bytes] = b""


@dataclass(frozen=True)
class JsonNull(_Raw):
    """The body is null."""

    raw: ClassVar[bytes] = b"null"


@dataclass(frozen=True)
class JsonArray(_Raw):
    """The body is an array."""

    raw: ClassVar[bytes] = b"[]"


@dataclass(frozen=True)
class JsonEmptyObject(_Raw):
    """The body is an object without fields."""

    raw: ClassVar[bytes] = b"{}"


@dataclass(frozen=True)
class MissingField:
    """The body lacks one field of its first level."""

    name: str
    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the same of all HTTP faults
        """Drop the field."""
        reply = await proceed()
        if not isinstance(reply.body, Mapping):
            return reply
        return replace(reply, body={key: value for key, value in reply.body.items() if key != self.name})
