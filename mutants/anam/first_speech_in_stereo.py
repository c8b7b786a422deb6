"""Sends a session's first utterance with two equal channels."""

from array import array

import reference
from livekit import rtc
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.channels"


class Output(reference.Output):
    begun = False

    async def capture_frame(self, frame):
        if not self.begun:
            both = array("h", (sample for sample in frame.data for _ in range(2)))
            frame = rtc.AudioFrame(both.tobytes(), frame.sample_rate, 2, frame.samples_per_channel)
        await super().capture_frame(frame)

    def flush(self):
        self.begun = self.begun or self._stream_writer is not None
        super().flush()


class AvatarSession(reference.AvatarSession):
    output = Output
