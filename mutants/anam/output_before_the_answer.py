"""Gives the agent its output before the vendor has accepted, and leaves it when the start fails."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.clean-failure"


class AvatarSession(reference.AvatarSession):
    async def start(self, agent_session, room):
        self.install(agent_session, room)
        await super().start(agent_session, room)
