"""Sends speech that follows a whole one in two streams."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.stream"


class Output(reference.Output):
    whole = False
    frames = 0

    def on_playback_finished(self, *, playback_position, interrupted, **more):
        self.whole = not interrupted and playback_position > 0.9 * self._pushed_duration
        super().on_playback_finished(playback_position=playback_position, interrupted=interrupted, **more)

    async def capture_frame(self, frame):
        await super().capture_frame(frame)
        self.frames += 1
        if self.whole and self.frames == 3:
            writer, self._stream_writer = self._stream_writer, None
            await writer.aclose()

    def flush(self):
        self.frames = 0
        super().flush()


class AvatarSession(reference.AvatarSession):
    output = Output
