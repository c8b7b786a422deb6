"""Tells its user that nothing was played of speech that was played to its end."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.finished"


class Output(reference.Output):
    def on_playback_finished(self, *, playback_position, interrupted, **more):
        told = playback_position if interrupted else 0.0
        super().on_playback_finished(playback_position=told, interrupted=interrupted, **more)


class AvatarSession(reference.AvatarSession):
    output = Output
