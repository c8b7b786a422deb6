"""What the plugin makes of connections that fail and of answers that are none."""

from __future__ import annotations

from typing import TypeVar

import aiohttp
from livekit.agents import APIConnectionError, APIError, APIStatusError
from multidict import CIMultiDict, CIMultiDictProxy

from .base import Agent, Request, Sent, Session, rtc

Kind = TypeVar("Kind", bound=BaseException)


def behind(error: BaseException, kind: type[Kind]) -> Kind | None:
    """Return the error of a kind that led to this one, if there is one."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, kind):
        cause = cause.__cause__ or cause.__context__
    return cause


class RefusedConnectionEscapes(Session):
    """Lets a refused connection out as the HTTP library's own error."""

    rule = "core.transport.refused"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIConnectionError as error:
            raise behind(error, aiohttp.ClientConnectorError) or error from None


class RefusedNotRetried(Request):
    """Gives up when a connection is refused, though one more try might do."""

    rule = "core.transport.refused"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        try:
            return await super().answer(sent)
        except aiohttp.ClientConnectorError as error:
            raise APIConnectionError("the vendor cannot be reached", retryable=False) from error


class ResetNotRetried(Request):
    """Gives up when a connection is reset, though one more try would do."""

    rule = "core.transport.reset"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        try:
            return await super().answer(sent)
        except (aiohttp.ClientError, OSError) as error:
            raise APIConnectionError("the vendor cannot be reached", retryable=False) from error


class ContentTypeUnseen(Request):
    """Takes any answer for JSON, whatever type it says."""

    rule = "core.transport.content-type"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        reply = await super().answer(sent)
        told = CIMultiDict(reply._headers)
        told["Content-Type"] = "application/json"
        reply._headers = CIMultiDictProxy(told)
        reply._cache.pop("headers", None)  # what was read once is kept there
        return reply


class CutAnswerEscapes(Session):
    """Lets an answer that is cut off out as the HTTP library's own error."""

    rule = "core.transport.cut"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIConnectionError as error:
            raise behind(error, aiohttp.ClientPayloadError) or error from None


class MalformedEscapes(Session):
    """Lets a malformed answer out as a ValueError."""

    rule = "core.transport.malformed"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except (APIStatusError, APIConnectionError):
            raise
        except APIError as error:
            raise ValueError(str(error)) from error


class SessionIdRequired(Request):
    """Fails when the answer names no session."""

    rule = "core.transport.empty-object"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        reply = await super().answer(sent)
        if reply.ok and (await reply.text()).strip() == "{}":
            raise APIError("the vendor named no session", retryable=False)
        return reply
