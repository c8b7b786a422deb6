"""Faults of the body of an answer; its status and type stay as they are. An answer without body has none to spoil."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import replace

from mockvendors.faults.fault import ReplyFault
from mockvendors.replies import Reply


@dataclass(frozen=True)
class InvalidJson(ReplyFault):
    """The body breaks off in the middle, and its length is true: what arrives whole is no JSON."""

    name: ClassVar[str] = "invalid-json"
    needs_body: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = frozenset({"answer.body"})

    def apply(self, reply: Reply) -> Reply:
        """Drop the second half."""
        payload = reply.payload()
        return reply if reply.bare else replace(reply, raw=payload[: len(payload) // 2])


class _Given(ReplyFault):
    """Sends these bytes for the body."""

    needs_body: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = frozenset({"answer.body"})
    raw: ClassVar[bytes]

    def apply(self, reply: Reply) -> Reply:
        """Exchange the body."""
        return reply if reply.bare else replace(reply, raw=self.raw)


@dataclass(frozen=True)
class EmptyBody(_Given):
    """The type says JSON, the body is empty."""

    name: ClassVar[str] = "empty-body"
    takes: ClassVar[frozenset[str]] = frozenset({"answer.body", "answer.pace", "answer.end"})
    raw: ClassVar[bytes] = b""


@dataclass(frozen=True)
class JsonNull(_Given):
    """The body is null."""

    name: ClassVar[str] = "json-null"
    raw: ClassVar[bytes] = b"null"


@dataclass(frozen=True)
class JsonArray(_Given):
    """The body is an array."""

    name: ClassVar[str] = "json-array"
    raw: ClassVar[bytes] = b"[]"


@dataclass(frozen=True)
class JsonEmptyObject(_Given):
    """The body is an object without fields."""

    name: ClassVar[str] = "json-empty-object"
    raw: ClassVar[bytes] = b"{}"


@dataclass(frozen=True)
class MissingField(ReplyFault):
    """The body lacks one field of its first level; several may."""

    name: ClassVar[str] = "missing-field"
    needs_body: ClassVar[bool] = True
    field: Annotated[str, Meta(min_length=1, description="name of the field")]

    def claims(self) -> frozenset[str]:
        """Take this one field of the body."""
        return frozenset({f"answer.body.{self.field}"})

    def apply(self, reply: Reply) -> Reply:
        """Drop the field."""
        if not isinstance(reply.body, Mapping):
            return reply
        return replace(reply, body={key: value for key, value in reply.body.items() if key != self.field})
