"""What the request of a start says; which rule of the vendor's own each breaks is for its configuration to tell."""

from __future__ import annotations

from typing import Any

import aiohttp
from livekit.agents import APIStatusError

from .base import Agent, Names, Request, Sent, Session, rtc
from .errors import REFUSED, passing

UNKNOWN, LIMIT = 404, 429


class KeyMissing(Request):
    """Sends another key than the one that it was given."""

    rule = ""

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        sent.set_header(self.names.key_header, "none")
        return await super().answer(sent)


class FieldInvented(Request):
    """Sends a field that the vendor does not know."""

    rule = ""

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        sent.body = {**(sent.body or {}), "invented": None}
        return await super().answer(sent)


class TwoPosts(Request):
    """Posts the start twice, and so takes two slots."""

    rule = ""

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        first = await super().answer(sent)
        return await sent.go() if first.ok else first


class LimitSwallowed(Session):
    """Takes a start that the vendor's limit refuses for one that succeeded."""

    rule = ""

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIStatusError as error:
            if error.status_code != LIMIT:
                raise


class UnknownAvatarSwallowed(Session):
    """Takes a start that the vendor refuses for an avatar that it does not know for one that succeeded."""

    rule = ""

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            await super().start(agent_session, room)
        except APIStatusError as error:
            if error.status_code != UNKNOWN:
                raise


class SizeDowngraded(Request):
    """Asks again without a size when the vendor refuses one, and tells nobody."""

    rule = ""
    needs = ("width", "height")

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        reply = await super().answer(sent)
        if reply.status >= REFUSED and not passing(reply.status) and _place(sent.body, self.names.width):
            sent.body = without_size(sent.body, self.names)
            return await sent.go()
        return reply


class SizeSwapped(Request):
    """Sends the width as the height, and the height as the width."""

    rule = "core.size.forwarded"
    needs = ("width", "height")

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        body = sent.body
        width, height = _place(body, self.names.width), _place(body, self.names.height)
        if width and height:
            (one, name), (other, by) = width, height
            one[name], other[by] = other[by], one[name]
            sent.body = body
        return await super().answer(sent)


class SizeDropped(Request):
    """Takes a size and never sends it."""

    rule = "core.size.forwarded"
    needs = ("width", "height")

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        sent.body = without_size(sent.body, self.names)
        return await super().answer(sent)


class SizeAsText(Request):
    """Sends width and height as texts."""

    rule = "core.size.forwarded"
    needs = ("width", "height")

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        body = sent.body
        for pointer in (self.names.width, self.names.height):
            if place := _place(body, pointer):
                place[0][place[1]] = str(place[0][place[1]])
        sent.body = body
        return await super().answer(sent)


def without_size(body: Any, names: Names) -> Any:
    """Return a body without its size, nor the object that held nothing else."""
    for pointer in (names.width, names.height):
        if place := _place(body, pointer):
            del place[0][place[1]]
        above = pointer.rpartition("/")[0]
        if above and (holder := _place(body, above)) and holder[0][holder[1]] == {}:
            del holder[0][holder[1]]
    return body


def _place(body: Any, pointer: str) -> tuple[dict[str, Any], str] | None:
    """Return the object that holds what a JSON pointer points to, and the name in it; None where it is not there."""
    *above, name = pointer.removeprefix("/").split("/")
    for part in above:
        body = body.get(part) if isinstance(body, dict) else None
    return (body, name) if isinstance(body, dict) and name in body else None
