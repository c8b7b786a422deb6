"""Sends speech that follows a whole one in two streams."""

import time

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.stream"


class Output(reference.Output):
    began = 0.0
    whole = False
    frames = 0

    def _handle_playback_started(self, data):
        self.began = time.monotonic()
        return super()._handle_playback_started(data)

    def on_playback_finished(self, *, interrupted, **more):
        self.whole = not interrupted and time.monotonic() - self.began > 0.5 * self._pushed_duration
        super().on_playback_finished(interrupted=interrupted, **more)

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
