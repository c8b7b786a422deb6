"""The ears by themselves."""

import asyncio
from types import SimpleNamespace

from mockvendors.avatar.ears import AUDIO_TOPIC, Ears
from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.segment import Segment


class Reader:
    """A stream that has begun, and of which nothing comes."""

    def __init__(self):
        attributes = {"sample_rate": "24000", "num_channels": "1"}
        self.info = SimpleNamespace(topic=AUDIO_TOPIC, name="AUDIO_1", attributes=attributes, stream_id="1")
        self.closed = False

    def __aiter__(self):
        return self

    async def __anext__(self):
        await asyncio.Event().wait()

    def close(self):
        self.closed = True


async def test_a_stream_that_begins_as_the_avatar_goes_is_in_the_log_with_its_end():
    log, reader, segment = AvatarLog(), Reader(), Segment(1, "agent", 48_000)
    ears = Ears(log, 48_000, lambda _sender: True, lambda _sender: segment)
    ears.on_stream(reader, "agent")
    await ears.close()
    assert [entry.kind for entry in log.entries] == ["stream_opened", "stream_closed"]
    assert log.of("stream_closed")[0].data["end"] == "left"
    assert (reader.closed, segment.closed, ears.tasks) == (True, True, set())
    late = Reader()
    ears.on_stream(late, "agent")
    assert (log.entries[-1].kind, late.closed, ears.tasks) == ("speech_refused", True, set())
