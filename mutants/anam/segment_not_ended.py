"""Leaves the stream of an utterance open."""

import reference
from livekit.agents.voice.io import AudioOutput
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.segment-end"


class Output(reference.Output):
    def flush(self):
        AudioOutput.flush(self)


class AvatarSession(reference.AvatarSession):
    output = Output
