"""Holds speech back in its middle, for longer than what was sent before lasts."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.heard"


class Output(reference.Output):
    taken = 0

    async def capture_frame(self, frame):
        self.taken += 1
        if self.taken % 20 == 11:
            await asyncio.sleep(0.5)
        await super().capture_frame(frame)


class AvatarSession(reference.AvatarSession):
    output = Output
