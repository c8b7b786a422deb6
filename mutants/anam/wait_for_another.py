"""Waits for a participant of another name, who never comes."""

import reference
from livekit.agents.utils import wait_for_participant
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.wait"


class AvatarSession(reference.AvatarSession):
    async def _wait_avatar_join(self):
        await wait_for_participant(self._room, identity="anam")
