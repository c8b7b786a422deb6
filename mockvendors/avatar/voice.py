"""The voice: plays speech segments in order, silence between them, 20 ms at a time on an absolute clock."""

import asyncio
import time
from collections import deque
from typing import NamedTuple, Protocol

import numpy as np
from livekit import rtc

from mockvendors import limits
from mockvendors.avatar.behaviour import Behaviour
from mockvendors.avatar.segment import Samples, Segment

FRAME_SECONDS = 0.02
_LEAD = 0.1
"""Seconds of sound kept queued. With 0.04 one tone in eight had a gap on a machine with four times the work it can do, with
0.1 none; speech begins so much later, and mouth and reports follow what is heard, not what is queued."""
_QUEUE_MS = 200
"""Room for the lead, and for the frame that is being handed over."""
_LOUD = 300.0
"""RMS of 16-bit samples above which the mouth is open; about -41 dB of full scale."""


class Lips(NamedTuple):
    """What is being said at a moment."""

    opened: bool
    segment: int


class Listener(Protocol):
    """Who is told how playback goes."""

    def playback_started(self, segment: Segment) -> None:
        """Hear that the first sample of the segment plays now."""

    def playback_finished(self, segment: Segment, position: float, *, interrupted: bool) -> None:
        """Hear that the segment is over after `position` seconds of it."""

    def in_speech(self, segment: Segment, position: float) -> None:
        """Hear that `position` seconds of the segment have been played."""


class _Slice(NamedTuple):
    start: float
    end: float
    lips: Lips


class Voice:
    """Owns the audio source and the queue of segments."""

    def __init__(self, rate: int, behaviour: Behaviour, listener: Listener) -> None:
        self._rate = rate
        self._size = int(rate * FRAME_SECONDS)
        self._behaviour = behaviour
        self._listener = listener
        self._segments: deque[Segment] = deque()
        self._slices: deque[_Slice] = deque(maxlen=16)
        self._edge = 0.0  # monotonic time until which sound is queued
        self._count = 0
        self.source = rtc.AudioSource(rate, 1, queue_size_ms=_QUEUE_MS)

    def open(self, sender: str) -> Segment:
        """Queue a new, still empty segment and return it."""
        self._count += 1
        segment = Segment(self._count, sender, self._rate)
        self._segments.append(segment)
        return segment

    def clear(self) -> list[Segment]:
        """Stop at once; report and return each segment that was queued or playing."""
        now = time.monotonic()
        dropped = list(self._segments)
        self._segments.clear()
        if dropped:
            self.source.clear_queue()
            self._edge = now
            self._slices.clear()
        for segment in dropped:
            position = segment.position(now)
            segment.drop()
            self._finish(segment, position, interrupted=True)
        return dropped

    def lips(self) -> Lips:
        """Return what is being heard now."""
        now = time.monotonic()
        for piece in self._slices:
            if piece.start <= now < piece.end:
                return piece.lips
        return Lips(opened=False, segment=self._segments[0].number if self._segments else self._count)

    async def run(self) -> None:
        """Play until cancelled."""
        self._edge = time.monotonic()
        while True:
            now = time.monotonic()
            self._edge = max(self._edge, now)
            self._report(now)
            samples = self._take()
            self._edge += FRAME_SECONDS
            await self._hand_over(rtc.AudioFrame(samples.tobytes(), self._rate, 1, self._size))
            await asyncio.sleep(max(0.0, self._edge - _LEAD - time.monotonic()))

    async def _hand_over(self, frame: rtc.AudioFrame) -> None:
        """Give the library a frame. Who is cancelled waits until it has it: its source may not be let go of meanwhile."""
        handed = asyncio.create_task(self.source.capture_frame(frame), name="avatar-frame")
        try:
            await asyncio.shield(handed)
        except asyncio.CancelledError:
            await asyncio.wait({handed}, timeout=limits.scaled(limits.AVATAR_FRAME))
            handed.cancel()
            raise

    def _take(self) -> Samples:
        """Return the next 20 ms, and note when they will be heard."""
        segment = self._segments[0] if self._segments else None
        samples = segment.take(self._size) if segment else None
        if segment is None or samples is None:
            return np.zeros(self._size, np.int16)
        segment.plays_until = self._edge + len(samples) / self._rate
        opened = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) > _LOUD
        self._slices.append(_Slice(self._edge, segment.plays_until, Lips(opened, segment.number)))
        return np.concatenate([samples, np.zeros(self._size - len(samples), np.int16)])

    def _report(self, now: float) -> None:
        """Tell what became true by `now` about the segment that plays; drop it when it is over."""
        if not self._segments:
            return
        segment = self._segments[0]
        position = segment.position(now)
        if position > 0 and not segment.started:
            segment.started = True
            self._listener.playback_started(segment)
        if segment.started:
            self._listener.in_speech(segment, position)
        length = segment.total / self._rate
        if segment.closed and position >= length * min(1.0, self._behaviour.finish_factor):
            self._finish(segment, length, interrupted=False)
        if segment.exhausted and now >= segment.plays_until and self._segments and self._segments[0] is segment:
            self._segments.popleft()

    def _finish(self, segment: Segment, position: float, *, interrupted: bool) -> None:
        if not segment.finished:
            segment.finished = True
            self._listener.playback_finished(segment, position, interrupted=interrupted)
