"""Sends speech by a topic that no avatar listens to."""

import reference
from livekit.agents.voice.avatar import _datastream_io
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.stream"


_datastream_io.AUDIO_STREAM_TOPIC = "lk.speech"


class AvatarSession(reference.AvatarSession):
    pass
