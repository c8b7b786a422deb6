"""The four kinds of change, and what they are told of the plugin."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import aiohttp
from livekit import api, rtc
from livekit.agents import AgentSession, APIConnectOptions
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS
from livekit.agents.voice.avatar import AvatarSession, DataStreamAudioOutput

Agent = AgentSession[Any]
"""Whoever speaks by the avatar."""
Go = Callable[..., Awaitable[aiohttp.ClientResponse]]
"""aiohttp's own way of a request."""


@dataclass(frozen=True)
class Names:
    """What the plugin and its vendor call what a change has to name; an empty one is not there."""

    session: str = "AvatarSession"
    """The plugin's class."""
    key: str = "api_key"
    """Its argument for the vendor's key."""
    key_variable: str = ""
    key_header: str = "Authorization"
    """The header in which the vendor wants the key."""
    url: str = "api_url"
    """Its argument for the vendor's address."""
    url_variable: str = ""
    connection: str = "conn_options"
    """Its argument for the connection options."""
    width: str = ""
    """JSON pointer to the width in the body of a start."""
    height: str = ""


@dataclass
class Sent:
    """One HTTP request of a start, as the plugin made it; a change may alter it before it goes."""

    make: Go
    client: aiohttp.ClientSession
    method: str
    url: str
    options: dict[str, Any]

    async def go(self) -> aiohttp.ClientResponse:
        """Send it and return the answer; may be called again."""
        return await self.make(self.client, self.method, self.url, **self.options)

    async def go_anew(self) -> int:
        """Send it by a client of its own, after the plugin's is closed, and return the status."""
        async with aiohttp.ClientSession() as client:
            reply = await self.make(client, self.method, self.url, headers=self.headers, json=self.body)
            return reply.status

    @property
    def headers(self) -> dict[str, str]:
        """All headers that the plugin chose."""
        return {**self.client.headers, **(self.options.get("headers") or {})}

    def set_header(self, name: str, value: str) -> None:
        """Send another value, however the plugin spells the header's name."""
        kept = {other: text for other, text in self.headers.items() if other.lower() != name.lower()}
        self.options["headers"] = {**kept, name: value}

    @property
    def body(self) -> Any:
        """The JSON of the body, a copy; None where it has none."""
        if self.options.get("json") is not None:
            return json.loads(json.dumps(self.options["json"]))
        data = self.options.get("data")
        return json.loads(data) if isinstance(data, (str, bytes)) else None

    @body.setter
    def body(self, body: Any) -> None:
        if self.options.get("json") is not None:
            self.options["json"] = body
        else:
            self.options["data"] = json.dumps(body)

    def change_texts(self, change: Callable[[str], str]) -> None:
        """Put each text in the body through a function."""
        if (body := self.body) is not None:
            self.body = _texts(body, change)


def _texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _texts(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_texts(each, change) for each in value]
    return change(value) if isinstance(value, str) else value


class Session(AvatarSession[Any]):
    """A change of the avatar session itself: stands before the plugin's class, which `super()` reaches."""

    rule: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    names: ClassVar[Names] = Names()
    sent: list[Sent]
    """The requests of this start so far."""
    limits: APIConnectOptions
    """The connection options that the user gave, or the framework's own."""


class Connection(Session):
    """A change of the connection options on their way to the plugin."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        given = named.get(self.names.connection) or DEFAULT_API_CONNECT_OPTIONS
        super().__init__(*arguments, **{**named, self.names.connection: self.other(given)})

    def other(self, given: APIConnectOptions) -> APIConnectOptions:
        """Return what the plugin gets."""
        return given


class Voice(DataStreamAudioOutput):
    """A change of the agent's audio output: stands before the class that the plugin makes, which `super()` reaches."""

    rule: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    names: ClassVar[Names] = Names()


class Request:
    """A change of the HTTP requests of one start."""

    rule: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    names: ClassVar[Names] = Names()

    def __init__(self, limits: APIConnectOptions) -> None:
        self.limits = limits
        self.tries = 0

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        """Return what the plugin gets for a request of its own; counts them."""
        self.tries += 1
        return await sent.go()


class Token:
    """A change of the join tokens of one start."""

    rule: ClassVar[str] = ""
    needs: ClassVar[tuple[str, ...]] = ()
    names: ClassVar[Names] = Names()

    def change(self, token: api.AccessToken) -> None:
        """Alter a token before it is signed."""


@dataclass
class Start:
    """A start that runs: what changes its requests and its tokens."""

    request: Request
    token: Token
    sent: list[Sent] = field(default_factory=list)


__all__ = ["Agent", "Connection", "Names", "Request", "Sent", "Session", "Start", "Token", "Voice", "rtc"]
