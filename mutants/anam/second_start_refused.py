"""Refuses a second session in one process."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.session.second"


class AvatarSession(reference.AvatarSession):
    used = False

    async def start(self, agent_session, room):
        if AvatarSession.used and room.isconnected():
            raise RuntimeError("the avatar was started already")
        AvatarSession.used = room.isconnected()
        await super().start(agent_session, room)
