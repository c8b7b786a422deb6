"""Hears nothing of the avatar's report that it has finished."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.finished"


class Output(reference.Output):
    def _handle_playback_finished(self, data):
        return "ok"


class AvatarSession(reference.AvatarSession):
    output = Output
