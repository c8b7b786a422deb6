"""Loses the second frame of speech and sends the third in its place as well."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.complete"


class Output(reference.Output):
    taken = 0

    async def capture_frame(self, frame):
        self.taken += 1
        if self.taken == 2:
            return
        await super().capture_frame(frame)
        if self.taken == 3:
            await super().capture_frame(frame)


class AvatarSession(reference.AvatarSession):
    output = Output
