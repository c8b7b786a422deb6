"""Takes speech for played as soon as it is sent, and hears nothing of the avatar's report."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.no-finish"


class Output(reference.Output):
    def flush(self):
        sending = self._stream_writer is not None
        super().flush()
        if sending:
            self.on_playback_finished(playback_position=self._pushed_duration, interrupted=False)

    def _handle_playback_finished(self, data):
        return "ok"


class AvatarSession(reference.AvatarSession):
    output = Output
