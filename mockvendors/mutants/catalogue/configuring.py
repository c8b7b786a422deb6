"""Where the plugin has key, addresses and job from, and what it says where one is missing."""

from __future__ import annotations

import os
from typing import Any

from livekit.agents import get_job_context

from .base import Agent, Session, rtc

LIVEKIT = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")


class KeyNotNeeded(Session):
    """Goes on without an API key."""

    rule = "core.config.key"
    needs = ("key", "key_variable")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        key = named.get(self.names.key) or os.environ.get(self.names.key_variable) or "none"
        super().__init__(*arguments, **{**named, self.names.key: key})


class KeyErrorUnnamed(Session):
    """Says that something is missing where there is no API key, and not what."""

    rule = "core.config.key"
    needs = ("key", "key_variable")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        if not (named.get(self.names.key) or os.environ.get(self.names.key_variable)):
            raise RuntimeError("something is missing")
        super().__init__(*arguments, **named)


class AddressEnvFirst(Session):
    """Prefers the environment's address to the one that it is given."""

    rule = "core.config.api-url"
    needs = ("url", "url_variable")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        address = os.environ.get(self.names.url_variable) or named.get(self.names.url)
        super().__init__(*arguments, **{**named, self.names.url: address})


class AddressEnvUnread(Session):
    """Reads the vendor's address from no variable."""

    rule = "core.config.api-url"
    needs = ("url",)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{**named, self.names.url: named.get(self.names.url) or "http://127.0.0.1:9"})


class LivekitMadeUp(Session):
    """Makes up LiveKit's address and secret where none is set."""

    rule = "core.config.livekit"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        for name in LIVEKIT:
            os.environ.setdefault(name, "ws://localhost:7880, which nobody asked for")
        await super().start(agent_session, room)


class JobErrorOfItsOwn(Session):
    """Raises a LookupError outside of a job, which no user of the framework expects."""

    rule = "core.config.job"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        try:
            get_job_context()
        except RuntimeError as error:
            raise LookupError("there is no job") from error
        await super().start(agent_session, room)
