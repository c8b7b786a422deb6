"""Sends speech at once, to an avatar that is not in the room yet or has no face."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.video-before-audio"


class Output(reference.Output):
    async def _start_task(self):
        await self._room_connected_fut
        self._started = True


class AvatarSession(reference.AvatarSession):
    output = Output
