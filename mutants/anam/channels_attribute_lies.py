"""Says that mono samples are stereo."""

import reference
from livekit import rtc
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.channels"


class Output(reference.Output):
    async def capture_frame(self, frame):
        await super().capture_frame(rtc.AudioFrame(frame.data, frame.sample_rate, 2, frame.samples_per_channel // 2))


class AvatarSession(reference.AvatarSession):
    output = Output
