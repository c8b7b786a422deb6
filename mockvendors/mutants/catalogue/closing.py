"""What the plugin leaves, or breaks, when it is over."""

from __future__ import annotations

import asyncio

from .base import Agent, Session, Voice, rtc

REFUSED = 400


class AvatarLeftBehind(Session):
    """Leaves the avatar in the room when it is closed."""

    rule = "core.close.avatar-removed"

    async def aclose(self) -> None:
        self._room = None
        await super().aclose()


class AvatarAskedAgain(Session):
    """Asks for another avatar when its own leaves, even when it was closed."""

    rule = "core.close.no-vendor-call"

    async def aclose(self) -> None:
        await super().aclose()
        while self.sent and await self.sent[-1].go_anew() >= REFUSED:
            await asyncio.sleep(0.05)
        self.sent.clear()


class CloseOnce(Session):
    """Cannot be closed a second time."""

    rule = "core.close.twice"

    async def aclose(self) -> None:
        if self._room is None:
            raise RuntimeError("the avatar is closed already")
        await super().aclose()


class CloseNotImplemented(Session):
    """Leaves its close for later."""

    rule = "core.session.no-error"

    async def aclose(self) -> None:
        await super().aclose()
        raise NotImplementedError("close is not complete yet")


class CloseInSpeechRaises(Session):
    """Cannot be closed while the avatar speaks."""

    rule = "core.close.during-speech"
    speaker: Agent | None = None

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        self.speaker = agent_session
        await super().start(agent_session, room)

    async def aclose(self) -> None:
        output = self.speaker.output.audio if self.speaker is not None else None
        while output is not None and output.next_in_chain is not None:
            output = output.next_in_chain
        speaking = output is not None and output._pending_playback_count
        await super().aclose()
        if speaking:
            raise RuntimeError("closed while the avatar speaks")


class OutputDetachRaises(Voice):
    """Raises when the agent lets go of its audio output."""

    rule = "core.session.no-error"

    def on_detached(self) -> None:
        raise ValueError("the output cannot be detached")


class OutputLabelRaises(Voice):
    """Has an audio output that has no name: the agent, which logs it, cannot begin."""

    rule = "core.session.no-error"

    @property
    def label(self) -> str:
        raise NotImplementedError("the output has no name yet")
