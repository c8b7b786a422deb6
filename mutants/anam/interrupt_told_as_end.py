"""Tells its user that interrupted speech was played to its end."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.interrupt.finished"


class Output(reference.Output):
    def on_playback_finished(self, *, interrupted, **fields):
        super().on_playback_finished(interrupted=False, **fields)


class AvatarSession(reference.AvatarSession):
    output = Output
