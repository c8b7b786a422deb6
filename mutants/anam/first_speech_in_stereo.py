"""Sends a session's first utterance with two equal channels."""

from array import array

import _first_speech
import reference
from livekit import rtc
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.channels"


class Output(_first_speech.Output):
    def first(self, frame):
        both = array("h", (sample for sample in frame.data for _ in range(2)))
        return rtc.AudioFrame(both.tobytes(), frame.sample_rate, 2, frame.samples_per_channel)


class AvatarSession(reference.AvatarSession):
    output = Output
