"""Drops what is said until the avatar is there."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.late"


class Output(reference.Output):
    async def capture_frame(self, frame):
        if self._started:
            await super().capture_frame(frame)


class AvatarSession(reference.AvatarSession):
    output = Output
