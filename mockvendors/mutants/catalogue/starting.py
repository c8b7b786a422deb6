"""How a start goes, what it leaves when it fails, and whether a second one in a process works."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace

import aiohttp
import jwt
from livekit.agents import APIConnectOptions, APIStatusError
from livekit.agents.voice.avatar import DataStreamAudioOutput

from .base import Agent, Connection, Request, Sent, Session, rtc

CREATED = 201


class CrashInStart(Session):
    """Brings the whole process down in start."""

    rule = "core.start.succeeds"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        os.abort()


class ExitInStart(Session):
    """Ends the whole process in start, as a program would."""

    rule = "core.start.succeeds"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        sys.exit(1)


class CreatedIsNoSuccess(Request):
    """Takes 201 for a failure."""

    rule = "core.start.succeeds"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        reply = await super().answer(sent)
        if reply.status == CREATED:
            raise APIStatusError("refused", status_code=CREATED, body=None, retryable=False)
        return reply


class FireAndForget(Session):
    """Returns from start before the vendor has answered."""

    rule = "core.start.answered"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        self.starting = asyncio.ensure_future(super().start(agent_session, room))


class TimeoutIgnored(Connection):
    """Waits for ever for a vendor that accepts and says nothing."""

    rule = "core.start.bounded"

    def other(self, given: APIConnectOptions) -> APIConnectOptions:
        return replace(given, timeout=3600)


class AvatarForEachTry(Request):
    """Makes a new identity for each try: a lost answer leaves two avatars."""

    rule = "core.start.lost-answer"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        if self.tries:
            sent.change_texts(lambda text: renamed(text, f"-{self.tries}"))
        return await super().answer(sent)


def renamed(text: str, ending: str) -> str:
    """Return a join token for another identity; any other text as it is."""
    try:
        claims = jwt.decode(text, options={"verify_signature": False})
    except jwt.DecodeError:
        return text
    return jwt.encode({**claims, "sub": f"{claims['sub']}{ending}"}, os.environ["LIVEKIT_API_SECRET"], algorithm="HS256")


class RoomAddressChanged(Request):
    """Tells the vendor another address of the room server: http for ws."""

    rule = "core.token.address"

    async def answer(self, sent: Sent) -> aiohttp.ClientResponse:
        address = os.environ["LIVEKIT_URL"]
        sent.change_texts(lambda text: text.replace("ws", "http", 1) if text.startswith(address) else text)
        return await super().answer(sent)


class OutputBeforeTheAnswer(Session):
    """Gives the agent its output before the vendor has accepted, and leaves it when the start fails."""

    rule = "core.start.clean-failure"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        agent_session.output.replace_audio_tail(DataStreamAudioOutput(room, destination_identity=self.avatar_identity))
        await super().start(agent_session, room)


class StartLeavesAgentListeners(Session):
    """Listens to the agent from before the vendor's answer on, and goes on when the start fails."""

    rule = "core.start.clean-failure"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        agent_session.on("agent_state_changed", lambda _: None)
        await super().start(agent_session, room)


class StartLeavesListeners(Session):
    """Watches the room from before the vendor's answer on, and goes on watching when the start fails."""

    rule = "core.start.clean-failure"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        room.on("participant_connected", lambda _: None)
        await super().start(agent_session, room)


class StartLeavesTasks(Session):
    """Waits for the avatar in a task from before the vendor's answer on, and goes on waiting when the start fails."""

    rule = "core.start.clean-failure"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        self.waiting = asyncio.create_task(asyncio.Event().wait())
        await super().start(agent_session, room)


class SecondStartHangs(Session):
    """Hangs in the second start of a process."""

    rule = "core.session.second"
    started = 0

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        SecondStartHangs.started += room.isconnected()
        if SecondStartHangs.started == 2:  # noqa: PLR2004 - the second
            await asyncio.Event().wait()
        await super().start(agent_session, room)


class SecondStartRefused(Session):
    """Refuses a second session in one process."""

    rule = "core.session.second"
    used = False

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        if SecondStartRefused.used and room.isconnected():
            raise RuntimeError("the avatar was started already")
        SecondStartRefused.used = room.isconnected()
        await super().start(agent_session, room)
