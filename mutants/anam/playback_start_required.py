"""Takes an avatar's end for nothing when no start was reported."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.tolerates-no-start"


class Output(reference.Output):
    begun = False

    def _handle_playback_started(self, data):
        self.begun = True
        return super()._handle_playback_started(data)

    def _handle_playback_finished(self, data):
        return super()._handle_playback_finished(data) if self.begun else "ok"


class AvatarSession(reference.AvatarSession):
    output = Output
