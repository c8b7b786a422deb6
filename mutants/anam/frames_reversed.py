"""Sends each frame of speech backwards, at a quarter of its loudness."""

import numpy as np
import reference
from livekit import rtc
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.complete"


class Output(reference.Output):
    async def capture_frame(self, frame):
        samples = (np.frombuffer(frame.data, "<i2")[::-1] // 4).astype("<i2")
        await super().capture_frame(rtc.AudioFrame(samples.tobytes(), frame.sample_rate, 1, len(samples)))


class AvatarSession(reference.AvatarSession):
    output = Output
