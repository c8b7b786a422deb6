"""Takes speech for played when the avatar's word of it is a little late."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.playback.no-finish"


class Output(reference.Output):
    def _handle_playback_started(self, data):
        due = asyncio.get_running_loop().call_later
        due(self._pushed_duration + 0.3, self.guess, self.captured_playout_segments, self._pushed_duration)
        return super()._handle_playback_started(data)

    def guess(self, segment, seconds):
        if self._pending_playback_count and self.captured_playout_segments == segment:
            self.on_playback_finished(playback_position=seconds, interrupted=False)


class AvatarSession(reference.AvatarSession):
    output = Output
