"""Faults of the vendor's HTTP answers, one small value each."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from msgspec.structs import replace

from mockvendors.faults.plan import Exchange, Proceed
from mockvendors.replies import Reply


@dataclass(frozen=True)
class Status:
    """Answers with this status and an error of the vendor's shape; no session is made."""

    status: int
    error: str | None = None
    message: str | None = None
    reason: str | None = None
    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the vendor never sees it
        """Answer at once."""
        return exchange.error(self.status, self.error, self.message, self.reason)


@dataclass(frozen=True)
class Delay:
    """Waits before the vendor acts; a client that leaves meanwhile has made no session."""

    seconds: float
    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Wait, then proceed."""
        await exchange.pause(self.seconds)
        return await proceed()


@dataclass(frozen=True)
class Stall:
    """Accepts the request and never answers; it ends when the client or the server goes."""

    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the vendor never sees it
        """Wait until nobody listens."""
        await exchange.pause(None)
        exchange.cut()


@dataclass(frozen=True)
class ResetBefore:
    """Resets the connection before the vendor acts: no session is made."""

    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the vendor never sees it
        """Reset."""
        exchange.cut()


@dataclass(frozen=True)
class LostAnswer:
    """Resets the connection after the vendor has acted: the session is made, its answer is lost."""

    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Proceed, then reset."""
        await proceed()
        exchange.cut()


@dataclass(frozen=True)
class CutBody:
    """Announces the whole body, sends half of it and closes the connection."""

    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the same of all HTTP faults
        """Mark the answer."""
        return replace(await proceed(), cut=True)


@dataclass(frozen=True)
class WrongContentType:
    """Sends the right body under another type."""

    content_type: str = "text/html; charset=utf-8"
    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the same of all HTTP faults
        """Exchange the type."""
        return replace(await proceed(), content_type=self.content_type)


@dataclass(frozen=True)
class NoContent:
    """Answers 204 without body or type, though the vendor has acted."""

    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the same of all HTTP faults
        """Drop the body."""
        return replace(await proceed(), status=204, body=None, raw=None)


@dataclass(frozen=True)
class Trickle:
    """Sends the body slowly."""

    bytes_per_second: float
    acts_on: ClassVar[Literal["exchange"]] = "exchange"

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:  # noqa: ARG002 - the same of all HTTP faults
        """Slow the answer down."""
        return replace(await proceed(), bytes_per_second=self.bytes_per_second)
