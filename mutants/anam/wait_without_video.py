"""Takes an avatar without a picture for one that has joined."""

import reference
from livekit.agents.utils import wait_for_participant
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.leaves-early"


class AvatarSession(reference.AvatarSession):
    async def _wait_avatar_join(self):
        await wait_for_participant(self._room, identity=self.identity)
