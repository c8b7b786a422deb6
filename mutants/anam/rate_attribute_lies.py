"""Says that its samples are of 16000 a second, though they are of 24000."""

import reference
from livekit import rtc
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.rate"


class Output(reference.Output):
    async def capture_frame(self, frame):
        await super().capture_frame(rtc.AudioFrame(frame.data, 16_000, frame.num_channels, frame.samples_per_channel))


class AvatarSession(reference.AvatarSession):
    output = Output
