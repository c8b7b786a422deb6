"""Watches the room from before the vendor's answer on, and goes on watching when the start fails."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.clean-failure"


class AvatarSession(reference.AvatarSession):
    async def start(self, agent_session, room):
        room.on("participant_connected", self.see)
        await super().start(agent_session, room)

    def see(self, participant):
        """Would greet the avatar."""
