"""What is kept of received speech tells whether it is what was sent, however it was cut on its way."""

import zlib

import pytest

from mockvendors.avatar.incoming import Incoming

SPEECH = bytes(range(256)) * 15
RATE = 24_000


def cut(data, size):
    return [data[begin : begin + size] for begin in range(0, len(data), size)]


@pytest.mark.parametrize("voice_rate", [RATE, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("size", [1, 7, 960, len(SPEECH)])
def test_checksum_is_that_of_the_whole(size, channels, voice_rate):
    came = Incoming({"sample_rate": str(RATE), "num_channels": str(channels)}, voice_rate)
    for chunk in cut(SPEECH, size):
        list(came.hear(chunk))
    assert came.crc32 == zlib.crc32(SPEECH)
    assert came.samples == len(SPEECH) // 2 // channels


def test_half_a_sample_at_the_end_is_not_counted():
    came = Incoming({"sample_rate": str(RATE), "num_channels": "1"}, RATE)
    list(came.hear(SPEECH + b"x"))
    assert (came.samples, came.crc32) == (len(SPEECH) // 2, zlib.crc32(SPEECH))
