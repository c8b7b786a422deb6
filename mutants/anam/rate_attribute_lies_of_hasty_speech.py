"""Tells another rate than that of its samples, of speech that it is given as soon as the avatar is there."""

import asyncio
import time

import reference
from livekit import rtc
from livekit.agents.voice.io import AudioOutput
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.rate"
SOON = 0.15
LONG = 10
"""Frames; a shorter utterance is sent as it is."""


class Output(reference.Output):
    shown = 0.0
    held = ()

    async def _start_task(self):
        await super()._start_task()
        self.shown = time.monotonic()

    async def capture_frame(self, frame):
        await asyncio.shield(self._start_atask)
        hasty = self.held or (self._stream_writer is None and time.monotonic() - self.shown < SOON)
        if hasty and len(self.held) < LONG:
            self.held = (*self.held, frame)
            return
        first, *held = (*self.held, frame)
        self.held = ()
        if held:
            first = rtc.AudioFrame(first.data, 22_050, first.num_channels, first.samples_per_channel)
        for each in (first, *held):
            await super().capture_frame(each)

    def flush(self):
        if self.held:
            self.late = asyncio.ensure_future(self.send_held())
            AudioOutput.flush(self)
        else:
            super().flush()

    async def send_held(self):
        held, self.held = self.held, ()
        for frame in held:
            await super().capture_frame(frame)
        super().flush()


class AvatarSession(reference.AvatarSession):
    output = Output
