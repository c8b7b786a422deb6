"""The ears: speech arrives as byte streams, one a segment."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from livekit import rtc

from mockvendors import limits
from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.segment import Segment

AUDIO_TOPIC = "lk.audio_stream"
_SAMPLE_BYTES = 2


@dataclass(slots=True)
class _Stream:
    reader: rtc.ByteStreamReader
    segment: Segment
    rate: int
    channels: int
    resampler: rtc.AudioResampler | None
    superseded: bool = False
    listening: bool = False
    samples: int = 0
    rest: bytes = b""
    deadline: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))


class Ears:
    """Turns streams of the speaker into segments of the voice."""

    def __init__(self, log: AvatarLog, rate: int, admits: Callable[[str], bool], open_segment: Callable[[str], Segment]) -> None:
        """`rate` is the voice's, in samples a second; `admits` says whose speech is played."""
        self._log = log
        self._rate = rate
        self._admits = admits
        self._open_segment = open_segment
        self._streams: list[_Stream] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def on_stream(self, reader: rtc.ByteStreamReader, sender: str) -> None:
        """Take a new stream, or say in the log why not."""
        info = reader.info
        attributes = dict(info.attributes or {})
        told = {"topic": info.topic, "name": info.name, "attributes": attributes, "sender": sender}
        self._log.add("stream_opened", **told)
        if not self._admits(sender):
            self._refuse(reader, f"{sender} is not the one this avatar speaks for")
            return
        try:
            rate, channels = _format(attributes)
            resampler = _resampler(rate, self._rate)
        except ValueError as error:
            self._refuse(reader, str(error))
            return
        self._supersede()
        stream = _Stream(reader, self._open_segment(sender), rate, channels, resampler)
        self._streams.append(stream)
        task = asyncio.create_task(self._listen(stream), name=f"avatar-ears-{info.stream_id}")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def forget(self, segments: list[Segment]) -> None:
        """Stop listening to the streams of these segments."""
        for stream in self._streams:
            if stream.segment in segments:
                self._expire(stream, 0.0)

    def _supersede(self) -> None:
        """End the open stream soon, now that a new one has come: its own end may have got lost."""
        for stream in self._streams:
            stream.superseded = True
            self._expire(stream, limits.scaled(limits.QUIET_WATCH))

    def _expire(self, stream: _Stream, seconds: float) -> None:
        if stream.listening and not stream.deadline.expired():
            stream.deadline.reschedule(asyncio.get_running_loop().time() + seconds)

    async def _listen(self, stream: _Stream) -> None:
        end = "closed"
        try:
            async with stream.deadline:
                stream.listening = True
                if stream.superseded or stream.segment.cleared:
                    self._expire(stream, limits.scaled(limits.QUIET_WATCH))
                async for chunk in stream.reader:
                    self._hear(stream, chunk)
                    if stream.superseded:
                        self._expire(stream, limits.scaled(limits.QUIET_WATCH))
        except TimeoutError:
            end = "cleared" if stream.segment.cleared else "superseded"
        except ConnectionError as error:
            end = f"broken: {error}"
        finally:
            _close(stream.reader)
            self._streams.remove(stream)
            if stream.resampler is not None:
                for frame in stream.resampler.flush():
                    stream.segment.add(bytes(frame.data))
            stream.segment.closed = True
            seconds = stream.samples / stream.rate
            told = {"rate": stream.rate, "channels": stream.channels, "segment": stream.segment.number, "end": end}
            self._log.add("stream_closed", samples=stream.samples, seconds=round(seconds, 4), **told)

    def _hear(self, stream: _Stream, chunk: bytes) -> None:
        """Append a chunk, which may end inside a sample, to the segment: mono, at the rate of the voice."""
        data = stream.rest + chunk
        whole = len(data) - len(data) % (_SAMPLE_BYTES * stream.channels)
        stream.rest = data[whole:]
        sound = np.frombuffer(data[:whole], "<i2")
        if stream.channels > 1:
            sound = sound.reshape(-1, stream.channels).mean(axis=1).astype(np.int16)
        stream.samples += len(sound)
        if stream.resampler is None:
            stream.segment.add(sound.tobytes())
            return
        for frame in stream.resampler.push(bytearray(sound.tobytes())):
            stream.segment.add(bytes(frame.data))

    def _refuse(self, reader: rtc.ByteStreamReader, cause: str) -> None:
        self._log.add("speech_refused", cause=cause, name=reader.info.name)
        _close(reader)


def _format(attributes: Mapping[str, str]) -> tuple[int, int]:
    """Return sample rate and channel count as the stream tells them, or raise ValueError naming what is wrong."""
    numbers = []
    for name in ("sample_rate", "num_channels"):
        text = attributes.get(name, "")
        if not text.isascii() or not text.isdigit() or int(text) == 0:
            raise ValueError(f"the stream's attribute {name} is {attributes.get(name)!r}, not a positive whole number")
        numbers.append(int(text))
    return numbers[0], numbers[1]


def _resampler(source: int, target: int) -> rtc.AudioResampler | None:
    if source == target:
        return None
    try:
        return rtc.AudioResampler(source, target, num_channels=1, quality=rtc.AudioResamplerQuality.HIGH)
    except Exception as error:  # the library raises nothing narrower
        raise ValueError(f"a sample rate of {source} cannot be played: {error}") from error


def _close(reader: rtc.ByteStreamReader) -> None:
    close = getattr(reader, "close", None)  # livekit before 1.1.20 or so has none and needs none
    if close is not None:
        close()
