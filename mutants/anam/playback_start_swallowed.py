"""Hears that the avatar began to speak, and tells nobody."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.started"


class Output(reference.Output):
    def _handle_playback_started(self, data):
        return "ok"


class AvatarSession(reference.AvatarSession):
    output = Output
