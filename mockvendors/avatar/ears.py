"""The ears: speech arrives as byte streams, one a segment."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from livekit import rtc

from mockvendors import limits
from mockvendors.avatar.incoming import Incoming
from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.segment import Segment

AUDIO_TOPIC = "lk.audio_stream"


@dataclass(slots=True)
class _Stream:
    reader: rtc.ByteStreamReader
    incoming: Incoming
    segment: Segment
    superseded: bool = False
    listening: bool = False
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
        self._closed = False

    def on_stream(self, reader: rtc.ByteStreamReader, sender: str) -> None:
        """Take a new stream, or say in the log why not."""
        info = reader.info
        attributes = dict(info.attributes or {})
        told = {"topic": info.topic, "name": info.name, "attributes": attributes, "sender": sender}
        self._log.add("stream_opened", **told)
        if self._closed:
            self._refuse(reader, "the avatar is leaving")
            return
        if not self._admits(sender):
            self._refuse(reader, f"{sender} is not the one this avatar speaks for")
            return
        try:
            incoming = Incoming(attributes, self._rate)
        except ValueError as error:
            self._refuse(reader, str(error))
            return
        self._supersede()
        stream = _Stream(reader, incoming, self._open_segment(sender))
        self._streams.append(stream)
        task = asyncio.create_task(self._listen(stream), name=f"avatar-ears-{info.stream_id}")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def forget(self, segments: list[Segment]) -> None:
        """Stop listening to the streams of these segments."""
        for stream in self._streams:
            if stream.segment in segments:
                self._expire(stream, 0.0)

    async def close(self) -> None:
        """Stop listening, and say so in the log of each stream."""
        self._closed = True
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for stream in list(self._streams):  # cancelled before it began
            self._end(stream, "left")

    def _supersede(self) -> None:
        """End the open stream soon, now that a new one has come: its own end may have got lost."""
        for stream in self._streams:
            stream.superseded = True
            self._expire(stream, limits.scaled(limits.QUIET_WATCH))

    def _expire(self, stream: _Stream, seconds: float) -> None:
        if stream.listening and not stream.deadline.expired():
            stream.deadline.reschedule(asyncio.get_running_loop().time() + seconds)

    async def _listen(self, stream: _Stream) -> None:
        end = "left"  # the avatar goes, and the speaker has not closed its stream
        try:
            async with stream.deadline:
                stream.listening = True
                if stream.superseded or stream.segment.cleared:
                    self._expire(stream, limits.scaled(limits.QUIET_WATCH))
                async for chunk in stream.reader:
                    for samples in stream.incoming.hear(chunk):
                        stream.segment.add(samples)
                    if stream.superseded:
                        self._expire(stream, limits.scaled(limits.QUIET_WATCH))
            end = "closed"
        except TimeoutError:
            end = "cleared" if stream.segment.cleared else "superseded"
        except ConnectionError as error:
            end = f"broken: {error}"
        finally:
            self._end(stream, end)

    def _end(self, stream: _Stream, end: str) -> None:
        _close(stream.reader)
        self._streams.remove(stream)
        for samples in stream.incoming.last():
            stream.segment.add(samples)
        stream.segment.closed = True
        came = stream.incoming
        told = {"rate": came.rate, "channels": came.channels, "segment": stream.segment.number, "end": end}
        self._log.add("stream_closed", samples=came.samples, crc32=came.crc32, seconds=round(came.seconds, 4), **told)

    def _refuse(self, reader: rtc.ByteStreamReader, cause: str) -> None:
        self._log.add("speech_refused", cause=cause, name=reader.info.name)
        _close(reader)


def _close(reader: rtc.ByteStreamReader) -> None:
    close = getattr(reader, "close", None)  # livekit before 1.1.20 or so has none and needs none
    if close is not None:
        close()
