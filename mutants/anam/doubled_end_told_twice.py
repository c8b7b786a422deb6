"""Tells its user twice of an end that the avatar reports twice."""

import json

import reference
from livekit.agents.voice.io import PlaybackFinishedEvent
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.doubled-finish"


class Output(reference.Output):
    def _handle_playback_finished(self, data):
        if not self._pending_playback_count:
            self.emit("playback_finished", PlaybackFinishedEvent(**json.loads(data.payload)))
        return super()._handle_playback_finished(data)


class AvatarSession(reference.AvatarSession):
    output = Output
