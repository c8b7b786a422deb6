"""What the plugin makes of the vendor's refusals and bad moments."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import aiohttp
from livekit.agents import APIConnectionError, APIConnectOptions, APIError, APIStatusError

from .base import Agent, Connection, Request, Sent, Session, rtc

REFUSED, BROKEN = 400, 500
"""HTTP's own borders."""
PASSING = {408, 429, 499}


def passing(status: int) -> bool:
    """Tell whether a status may be gone at the next try."""
    return status in PASSING or status >= BROKEN


class RefusalRetried(Request):
    """Asks again after a refusal such as 400."""

    rule = "core.errors.no-retry"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        reply = await super().answer(sent)
        return await sent.go() if reply.status >= REFUSED and not passing(reply.status) else reply


class TransientNotRetried(Request):
    """Gives up at the first 503."""

    rule = "core.errors.retry"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        reply = await super().answer(sent)
        if passing(reply.status):
            raise APIStatusError("refused", status_code=reply.status, body=await reply.text(), retryable=False)
        return reply


class RecoveryIgnored(Request):
    """Asks again after a 500, and raises the first error although a later try was accepted."""

    rule = "core.errors.recover"
    first = 0

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        reply = await super().answer(sent)
        if reply.status < REFUSED and self.first:
            raise APIStatusError("refused", status_code=self.first, body=None, retryable=False)
        self.first = self.first or (reply.status if reply.status >= REFUSED else 0)
        return reply


class StatusLost(Session):
    """Raises a connection error for every refusal: the status is lost."""

    rule = "core.errors.status-kept"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIStatusError as error:
            raise APIConnectionError(f"the vendor does not start the avatar: {error.body}") from error


class BodyLost(Session):
    """Raises the status without the vendor's words."""

    rule = "core.errors.body-kept"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIStatusError as error:
            raise APIStatusError("the vendor refused", status_code=error.status_code, body=None) from None


class ErrorOfItsOwn(Session):
    """Raises an error of its own for a refusal, outside of the framework's family."""

    rule = "core.errors.family"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIStatusError as error:
            raise LookupError(f"{error.status_code} {error.body}") from error


class KeyInError(Session):
    """Puts the request's headers, the key among them, into the error's text."""

    rule = "core.errors.no-secret"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIStatusError as error:
            said = f"{self.sent[-1].url} was refused, asked with {self.sent[-1].headers}"
            raise APIStatusError(said, status_code=error.status_code, body=error.body) from error


class TokenLogged(Request):
    """Logs the whole request, with the join token in it."""

    rule = "core.errors.no-secret"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        logging.getLogger("mutant").debug("asking the vendor", extra={"body": sent.body})
        return await super().answer(sent)


class NoPause(Connection):
    """Asks again at once, without the pause of the connection options."""

    rule = "core.errors.pause"

    def other(self, given: APIConnectOptions) -> APIConnectOptions:
        return replace(given, retry_interval=0)


class PauseOfItsOwn(Connection):
    """Waits three seconds between tries, whatever the connection options say."""

    rule = "core.errors.pause"

    def other(self, given: APIConnectOptions) -> APIConnectOptions:
        return replace(given, retry_interval=3)


class PauseGrows(Request):
    """Waits longer before each further try, though the user gave one interval."""

    rule = "core.errors.pause"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        await asyncio.sleep(self.limits.retry_interval * max(0, self.tries - 1))
        return await super().answer(sent)


class PauseAfterTheLast(Session):
    """Waits once more after the last try, before it tells of the failure."""

    rule = "core.errors.pause"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIError:
            await asyncio.sleep(self.limits.retry_interval)
            raise


class MaxRetryIgnored(Connection):
    """Tries four times, whatever max_retry says."""

    rule = "core.errors.max-retry"

    def other(self, given: APIConnectOptions) -> APIConnectOptions:
        return replace(given, max_retry=3)


class MaxRetryOffByOne(Connection):
    """Takes max_retry for the number of tries, and not of further tries."""

    rule = "core.errors.max-retry"

    def other(self, given: APIConnectOptions) -> APIConnectOptions:
        return replace(given, max_retry=max(0, given.max_retry - 1))
