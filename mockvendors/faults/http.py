"""Faults of the exchange itself: late, refused, silent, lost, cut, slow."""

import random
from dataclasses import dataclass
from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import replace

from mockvendors.faults.fault import Exchange, ReplyFault, RequestFault, Stage
from mockvendors.faults.fields import Seconds
from mockvendors.replies import Cut, Reply


@dataclass(frozen=True)
class Delay(RequestFault):
    """Waits before the vendor acts; a client that leaves meanwhile has made no session. Several add up."""

    name: ClassVar[str] = "delay"
    stage: ClassVar[Stage] = Stage.ARRIVAL
    seconds: Annotated[Seconds, Meta(description="seconds to wait")]
    jitter: Annotated[float, Meta(ge=0, le=86_400, description="up to so many seconds more; the same for a call in each run")] = (
        0.0
    )

    async def apply(self, exchange: Exchange) -> Reply | None:
        """Wait."""
        more = random.Random(exchange.number).uniform(0, self.jitter)  # noqa: S311 - no secret: a run is to be repeated
        await exchange.pause(self.seconds + more)
        return None


@dataclass(frozen=True)
class Status(RequestFault):
    """Answers with this status and an error of the vendor's shape; no session is made."""

    name: ClassVar[str] = "status"
    stage: ClassVar[Stage] = Stage.INSTEAD
    takes: ClassVar[frozenset[str]] = frozenset({"answer.status"})
    status: Annotated[int, Meta(ge=400, le=599, description="HTTP status, 400 to 599")]
    error: Annotated[str | None, Meta(description="short cause; by default the vendor's own for this status")] = None
    message: Annotated[str | None, Meta(description="detail for a person")] = None
    reason: Annotated[str | None, Meta(description="machine-readable cause, where the vendor gives one")] = None

    async def apply(self, exchange: Exchange) -> Reply | None:
        """Answer at once."""
        return exchange.error(self.status, self.error, self.message, self.reason)


@dataclass(frozen=True)
class Stall(RequestFault):
    """Accepts the request and never answers; it ends when the client, the tenant or the server goes."""

    name: ClassVar[str] = "stall"
    stage: ClassVar[Stage] = Stage.INSTEAD
    takes: ClassVar[frozenset[str]] = frozenset({"answer"})

    async def apply(self, exchange: Exchange) -> Reply | None:
        """Wait until nobody listens."""
        await exchange.pause(None)
        exchange.cut()


@dataclass(frozen=True)
class ResetBefore(RequestFault):
    """Resets the connection before the vendor acts: no session is made."""

    name: ClassVar[str] = "reset-before"
    stage: ClassVar[Stage] = Stage.INSTEAD
    takes: ClassVar[frozenset[str]] = frozenset({"answer"})

    async def apply(self, exchange: Exchange) -> Reply | None:
        """Reset."""
        exchange.cut()


@dataclass(frozen=True)
class LostAnswer(ReplyFault):
    """Resets the connection after the vendor has acted: the session is made, its answer is lost."""

    name: ClassVar[str] = "lost-answer"
    takes: ClassVar[frozenset[str]] = frozenset({"answer"})

    def apply(self, reply: Reply) -> Reply:  # noqa: ARG002 - lost, whatever it was
        """Reset."""
        raise Cut


@dataclass(frozen=True)
class NoContent(ReplyFault):
    """Answers 204 without body or type, though the vendor has acted."""

    name: ClassVar[str] = "no-content"
    needs_body: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = frozenset({"answer"})

    def apply(self, reply: Reply) -> Reply:
        """Drop the body."""
        return replace(reply, status=204, body=None, raw=None)


@dataclass(frozen=True)
class WrongContentType(ReplyFault):
    """Sends the right body under another type."""

    name: ClassVar[str] = "wrong-content-type"
    needs_body: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = frozenset({"answer.type"})
    content_type: Annotated[
        str, Meta(pattern=r"^[\x20-\x7e]+$", description="value of the header Content-Type, in printable ASCII")
    ] = "text/html; charset=utf-8"

    def apply(self, reply: Reply) -> Reply:
        """Exchange the type."""
        return reply if reply.bare else replace(reply, content_type=self.content_type)


@dataclass(frozen=True)
class Trickle(ReplyFault):
    """Sends the body slowly."""

    name: ClassVar[str] = "trickle"
    needs_body: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = frozenset({"answer.pace"})
    bytes_per_second: Annotated[float, Meta(gt=0, le=1e9, description="bytes of the body a second")]

    def apply(self, reply: Reply) -> Reply:
        """Slow the answer down."""
        return reply if reply.bare else replace(reply, bytes_per_second=self.bytes_per_second)


@dataclass(frozen=True)
class CutBody(ReplyFault):
    """Announces the whole body, sends half of it and closes the connection."""

    name: ClassVar[str] = "cut-body"
    needs_body: ClassVar[bool] = True
    takes: ClassVar[frozenset[str]] = frozenset({"answer.end"})

    def apply(self, reply: Reply) -> Reply:
        """Mark the answer."""
        return reply if reply.bare else replace(reply, cut=True)
