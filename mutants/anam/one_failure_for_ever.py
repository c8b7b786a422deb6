"""Never speaks again to an avatar that left before its video and came back."""

import reference
from livekit.agents.voice.avatar import DataStreamAudioOutput
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.returns"


class AvatarSession(reference.AvatarSession):
    output = DataStreamAudioOutput
