"""Loses the frame with which it waited for the avatar."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.late"


class Output(reference.Output):
    async def capture_frame(self, frame):
        if self._started:
            await super().capture_frame(frame)
        else:
            await asyncio.shield(self._start_atask)


class AvatarSession(reference.AvatarSession):
    output = Output
