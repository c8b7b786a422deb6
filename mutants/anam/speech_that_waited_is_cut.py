"""Loses the first frame of speech that had to wait for its avatar."""

import asyncio
import time

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.late"


class Output(reference.Output):
    waited = 0.0

    async def capture_frame(self, frame):
        begin = time.monotonic()
        await asyncio.wait({self._start_atask})
        self.waited += time.monotonic() - begin
        if self.waited > 0.3:
            self.waited = 0.0
            return
        await super().capture_frame(frame)


class AvatarSession(reference.AvatarSession):
    output = Output
