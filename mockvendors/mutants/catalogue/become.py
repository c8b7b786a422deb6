"""Puts one change into a plugin: what a mutant's file calls."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import aiohttp
from livekit import api, rtc
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS
from livekit.agents.voice.avatar import AvatarSession, DataStreamAudioOutput

from .base import Agent, Names, Request, Sent, Session, Start, Token, Voice

RUNNING: ContextVar[Start | None] = ContextVar("RUNNING", default=None)
"""The start that this code belongs to; the driver and the framework ask by aiohttp and sign tokens too."""
OWN = {"__spec__", "__loader__", "__builtins__", "__cached__", "__file__", "__doc__"}
"""What a module keeps of itself."""
LIVEKITS_OWN = "/twirp/"
"""In the path of every request to LiveKit, and to no vendor."""


def become(module: dict[str, Any], plugin: str, change: str, names: dict[str, str]) -> None:
    """Make a module offer what the plugin offers, and be it by name, with one change: `FILE.Class` of this folder."""
    file, _, kind = change.partition(".")
    wrong = getattr(importlib.import_module(f"{__package__}.{file}"), kind)
    wrong.names = Names(**names)
    original = load(plugin)
    base = getattr(original, wrong.names.session)
    module.update({name: value for name, value in vars(original).items() if name not in OWN})
    module[wrong.names.session] = changed(base, wrong)
    if issubclass(wrong, Voice):
        change_voice(wrong)
    watch_requests()
    watch_tokens()


def load(plugin: str) -> Any:
    """Import a plugin by its module's name, or by its file's path."""
    if not plugin.endswith(".py"):
        return importlib.import_module(plugin)
    path = Path(plugin)
    sys.path.append(str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{plugin} is not a Python file")
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


def changed(base: Any, wrong: type) -> type:
    """Return the plugin's class with the change before it, and under it what follows a start."""

    class Watched(AvatarSession[Any]):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.sent: list[Sent] = []
            self.limits = named.get(wrong.names.connection) or DEFAULT_API_CONNECT_OPTIONS  # type: ignore[attr-defined]

        async def start(self, agent_session: Agent, room: rtc.Room, **named: Any) -> None:
            request = wrong(self.limits) if issubclass(wrong, Request) else Request(self.limits)
            token = wrong() if issubclass(wrong, Token) else Token()
            outer = RUNNING.set(Start(request, token, self.sent))
            try:
                await super().start(agent_session, room, **named)
            finally:
                RUNNING.reset(outer)

    bases = (wrong, Watched, base) if issubclass(wrong, Session) else (Watched, base)
    return type(base.__name__, bases, {"__module__": base.__module__, "__doc__": base.__doc__})


def change_voice(wrong: type) -> None:
    """Put the change before each audio output that is made from now on, a plugin's own kind of it too."""

    def make(cls: type, *_: Any, **__: Any) -> Any:
        kind = cls if issubclass(cls, wrong) else type(cls.__name__, (wrong, cls), {"__module__": cls.__module__})
        return object.__new__(kind)

    DataStreamAudioOutput.__new__ = make  # type: ignore[method-assign]


def watch_requests() -> None:
    """Let the start that runs answer for its requests to the vendor."""
    original = aiohttp.ClientSession._request

    async def request(client: aiohttp.ClientSession, method: str, url: Any, **options: Any) -> aiohttp.ClientResponse:
        start = RUNNING.get()
        if start is None or LIVEKITS_OWN in str(url):
            return await original(client, method, url, **options)
        sent = Sent(original, client, method, str(url), options)
        start.sent.append(sent)
        return await start.request.answer(sent)

    aiohttp.ClientSession._request = request  # type: ignore[method-assign,assignment]


def watch_tokens() -> None:
    """Let the start that runs alter the join tokens that it signs."""
    original = api.AccessToken.to_jwt

    def to_jwt(token: api.AccessToken) -> str:
        start = RUNNING.get()
        if start is not None and token.claims.video is not None and token.claims.video.room_join:
            start.token.change(token)
        return original(token)

    api.AccessToken.to_jwt = to_jwt  # type: ignore[method-assign,assignment]
