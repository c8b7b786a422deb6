"""Hangs in the second start of a process."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.session.second"


class AvatarSession(reference.AvatarSession):
    started = 0

    async def start(self, agent_session, room):
        if room.isconnected():
            AvatarSession.started += 1
        if AvatarSession.started == 2:
            await asyncio.Event().wait()
        await super().start(agent_session, room)
