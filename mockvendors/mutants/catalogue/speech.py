"""What becomes of the agent's speech on its way to the avatar."""

from __future__ import annotations

import asyncio
from array import array
from typing import Any

from livekit import rtc
from livekit.agents.voice.avatar import _datastream_io
from livekit.agents.voice.io import AudioOutput

from .base import Agent, Session, Voice


def samples(frame: rtc.AudioFrame) -> array[int]:
    """Return a frame's samples, all channels in turn."""
    return array("h", bytes(frame.data))


class FrameLostAndDoubled(Voice):
    """Loses the second frame of speech and sends the third in its place as well."""

    rule = "core.speech.complete"
    taken = 0

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        self.taken += 1
        for _ in range({2: 0, 3: 2}.get(self.taken, 1)):
            await super().capture_frame(frame)


class FramesReversed(Voice):
    """Sends each frame of speech backwards."""

    rule = "core.speech.complete"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        turned = samples(frame)[::-1].tobytes()
        await super().capture_frame(rtc.AudioFrame(turned, frame.sample_rate, frame.num_channels, frame.samples_per_channel))


class SpeechQuartered(Voice):
    """Sends speech at a quarter of its loudness."""

    rule = "core.speech.complete"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        quiet = array("h", (sample // 4 for sample in samples(frame))).tobytes()
        await super().capture_frame(rtc.AudioFrame(quiet, frame.sample_rate, frame.num_channels, frame.samples_per_channel))


class HalfTheSamples(Voice):
    """Tells the right rate and hands on every second sample."""

    rule = "core.speech.complete"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        half = samples(frame)[::2]
        count = len(half) // frame.num_channels
        await super().capture_frame(rtc.AudioFrame(half.tobytes(), frame.sample_rate, frame.num_channels, count))


class LastFrameLost(Voice):
    """Loses the last frame of an utterance."""

    rule = "core.speech.complete"
    held: rtc.AudioFrame | None = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        held, self.held = self.held, frame
        if held is not None:
            await super().capture_frame(held)

    def flush(self) -> None:
        self.held = None
        super().flush()


class PitchDoubled(Voice):
    """Hands on each sample's neighbour in its place: as many samples, an octave higher."""

    rule = "core.speech.heard"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        twice = samples(frame)[::2].tobytes() * 2
        await super().capture_frame(rtc.AudioFrame(twice, frame.sample_rate, frame.num_channels, frame.samples_per_channel))


class SpeechTorn(Voice):
    """Holds speech back in its middle, for longer than what was sent before lasts."""

    rule = "core.speech.heard"
    taken = 0

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        self.taken += 1
        if self.taken % 20 == 11:  # noqa: PLR2004 - the middle of a short utterance
            await asyncio.sleep(0.5)
        await super().capture_frame(frame)


class RateAttributeLies(Voice):
    """Tells two thirds of the rate that its samples have."""

    rule = "core.speech.rate"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        rate = frame.sample_rate * 2 // 3
        await super().capture_frame(rtc.AudioFrame(frame.data, rate, frame.num_channels, frame.samples_per_channel))


class ChannelsAttributeLies(Voice):
    """Says that mono samples are stereo."""

    rule = "core.speech.channels"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(rtc.AudioFrame(frame.data, frame.sample_rate, 2, frame.samples_per_channel // 2))


class RateOfItsOwn(Voice):
    """Hands speech on at 8000 samples a second, whatever the vendor wants."""

    rule = ""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "sample_rate": 8_000})


class SegmentNotEnded(Voice):
    """Leaves the stream of an utterance open."""

    rule = "core.speech.segment-end"

    def flush(self) -> None:
        AudioOutput.flush(self)


class StreamForEachFrame(Voice):
    """Opens a stream for each frame of speech."""

    rule = "core.speech.stream"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await super().capture_frame(frame)
        if self._stream_writer is not None:
            await self._stream_writer.aclose()
            self._stream_writer = None


class TopicWrong(Voice):
    """Sends speech by a topic that no avatar listens to."""

    rule = "core.speech.stream"

    def __init__(self, *arguments: Any, **named: Any) -> None:
        _datastream_io.AUDIO_STREAM_TOPIC = "lk.speech"
        super().__init__(*arguments, **named)


class SpeechGoesNowhere(Session):
    """Never becomes the agent's audio output."""

    rule = "core.speech.stream"

    async def start(self, agent_session: Agent, room: rtc.Room) -> None:
        output = agent_session.output
        output.replace_audio_tail = lambda *_, **__: None  # type: ignore[method-assign]
        await super().start(agent_session, room)
