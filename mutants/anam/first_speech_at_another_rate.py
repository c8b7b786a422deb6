"""Tells another rate than that of its samples, of a session's first utterance unless it is short."""

import asyncio

import reference
from livekit import rtc
from livekit.agents.voice.io import AudioOutput
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.rate"
TOLD = 16_000
SHORT = 12
"""Frames; so much is held back, to know how long an utterance is."""


class Output(reference.Output):
    held = ()
    first = True
    slower = 1.0

    async def capture_frame(self, frame):
        await asyncio.wait({self._start_atask})
        self.first = self.first and self._start_atask.exception() is None
        if not self.first:
            await super().capture_frame(frame)
            return
        self.held = (*self.held, frame)
        if len(self.held) > SHORT:
            self.slower = TOLD / frame.sample_rate
            await self.send_held(TOLD)

    async def send_held(self, rate):
        held, self.held, self.first = self.held, (), False
        begin = rtc.AudioFrame(held[0].data, rate, held[0].num_channels, held[0].samples_per_channel)
        for frame in (begin, *held[1:]):
            await super().capture_frame(frame)

    def flush(self):
        if not self.held:
            super().flush()
            return
        AudioOutput.flush(self)
        self.short = asyncio.ensure_future(self.send_short())

    async def send_short(self):
        await self.send_held(self.held[0].sample_rate)
        super().flush()

    def on_playback_finished(self, *, playback_position, interrupted, **more):
        slower, self.slower = (1.0 if interrupted else self.slower), 1.0
        super().on_playback_finished(playback_position=playback_position * slower, interrupted=interrupted, **more)


class AvatarSession(reference.AvatarSession):
    output = Output
