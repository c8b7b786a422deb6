"""What a probe knows of one participant."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from livekit import rtc

from mockvendors.avatar import stamp
from mockvendors.room.sound import Sound
from mockvendors.room.video_report import SeenFrame, Size
from mockvendors.room.voice_report import RATE

_FRAMES_KEPT = 10_000
_FRAMES_QUEUED = 30
"""Decoded frames that may wait for a busy event loop: a second, 40 MB at 1152x768."""


@dataclass(frozen=True, slots=True)
class ParticipantReport:
    """Who a participant is, and when it was there (monotonic times)."""

    identity: str
    kind: str
    """As in a token: standard, agent, ingress, egress, sip."""
    name: str
    attributes: Mapping[str, str]
    visits: tuple[tuple[float, float | None], ...]
    """Each stay: joined, left (None while it lasts)."""

    @property
    def joined_at(self) -> float:
        """When it came last."""
        return self.visits[-1][0]

    @property
    def left_at(self) -> float | None:
        """When it went last; None while it is there."""
        return self.visits[-1][1]


@dataclass(slots=True)
class Watched:
    """One participant under observation; `changed` is called whenever anything is new."""

    participant: rtc.RemoteParticipant
    changed: Callable[[], None]
    visits: list[tuple[float, float | None]] = field(default_factory=list)
    frames: deque[SeenFrame] = field(default_factory=lambda: deque(maxlen=_FRAMES_KEPT))
    sound: Sound = field(default_factory=Sound)
    publication: Size | None = None
    tracks: list[str] = field(default_factory=list)
    """Sources of the published tracks, in order."""

    @property
    def present(self) -> bool:
        """Whether it is in the room now."""
        return bool(self.visits) and self.visits[-1][1] is None

    def came(self, participant: rtc.RemoteParticipant) -> None:
        """Note the beginning of a stay."""
        self.participant = participant
        self.visits.append((time.monotonic(), None))

    def went(self) -> None:
        """Note the end of a stay."""
        if self.present:
            self.visits[-1] = (self.visits[-1][0], time.monotonic())

    def published(self, publication: rtc.RemoteTrackPublication) -> None:
        """Note a track, and for video the size that was announced."""
        self.tracks.append(rtc.TrackSource.Name(publication.source).removeprefix("SOURCE_").lower())
        if publication.kind == rtc.TrackKind.KIND_VIDEO:
            self.publication = (publication.width, publication.height)

    def report(self) -> ParticipantReport:
        """Return who it is and when it was there."""
        kind = rtc.ParticipantKind.Name(self.participant.kind).removeprefix("PARTICIPANT_KIND_").lower()
        return ParticipantReport(
            self.participant.identity, kind, self.participant.name, self.participant.attributes, tuple(self.visits)
        )

    async def watch(self, track: rtc.Track) -> None:
        """Read the stamp of every decoded frame until cancelled."""
        stream = rtc.VideoStream(track, format=rtc.VideoBufferType.I420, capacity=_FRAMES_QUEUED)
        try:
            async for event in stream:
                frame = event.frame
                luma = np.frombuffer(frame.data, np.uint8, frame.width * frame.height)
                mark = stamp.read(luma.reshape(frame.height, frame.width))
                self.frames.append(SeenFrame(time.monotonic(), (frame.width, frame.height), mark))
                self.changed()
        finally:
            await asyncio.shield(stream.aclose())

    async def listen(self, track: rtc.Track) -> None:
        """Keep what is heard until cancelled."""
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1, frame_size_ms=10)
        fresh = True
        try:
            async for event in stream:
                now = time.monotonic()
                if fresh:
                    self.sound.resume(now)
                    fresh = False
                self.sound.add(np.frombuffer(event.frame.data, np.int16).copy(), now)
                self.changed()
        finally:
            await asyncio.shield(stream.aclose())
