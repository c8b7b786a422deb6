"""Takes an end that comes too soon for the end of the avatar, and says no more."""

import json
import time

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.early-finish"


class Output(reference.Output):
    began = None
    broken = False

    async def capture_frame(self, frame):
        self.began = self.began or time.monotonic()
        if not self.broken:
            await super().capture_frame(frame)

    def _handle_playback_finished(self, data):
        interrupted = json.loads(data.payload)["interrupted"]
        self.broken = not interrupted and time.monotonic() - self.began < self._pushed_duration
        return super()._handle_playback_finished(data)


class AvatarSession(reference.AvatarSession):
    output = Output
