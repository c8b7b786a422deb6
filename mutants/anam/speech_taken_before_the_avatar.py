"""Takes the first frames of speech although no avatar is there, and keeps them for it."""

import asyncio

import reference
from livekit.agents.voice.io import AudioOutput
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.video-before-audio"
KEPT = 12
"""Frames; more have to wait."""


class Output(reference.Output):
    held = ()

    async def capture_frame(self, frame):
        if not self._start_atask.done() and len(self.held) < KEPT:
            self.held = (*self.held, frame)
            await AudioOutput.capture_frame(self, frame)  # counted, and not sent yet
            return
        await self.send_held()
        await super().capture_frame(frame)

    async def send_held(self):
        held, self.held = self.held, ()
        for frame in held:
            await super().capture_frame(frame)

    def flush(self):
        if self.held:
            self.late = asyncio.ensure_future(self.send_late())
        else:
            super().flush()

    async def send_late(self):
        try:
            await self.send_held()
        except RuntimeError:  # the avatar has left; its wait has said so in the log
            AudioOutput.flush(self)
            self.on_playback_finished(playback_position=0.0, interrupted=True)
        else:
            super().flush()


class AvatarSession(reference.AvatarSession):
    output = Output
