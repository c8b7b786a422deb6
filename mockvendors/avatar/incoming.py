"""One stream of speech, from the bytes of the wire to the samples of the voice."""

import zlib
from collections.abc import Iterator, Mapping

import numpy as np
from livekit import rtc

_SAMPLE_BYTES = 2


class Incoming:
    """Decodes signed 16-bit PCM of whatever rate and channels the stream's attributes tell: mono, at the voice's rate."""

    def __init__(self, attributes: Mapping[str, str], voice_rate: int) -> None:
        """Trust the attributes; ValueError tells which is no number to decode by."""
        self.rate = _number(attributes, "sample_rate")
        self.channels = _number(attributes, "num_channels")
        self.samples = 0
        """Whole samples of a channel that came."""
        self.crc32 = 0
        """Of their bytes as they came: what was sent is known by it, though only a number of it is kept."""
        self._resampler = _resampler(self.rate, voice_rate)
        self._rest = b""

    @property
    def seconds(self) -> float:
        """Length of what came."""
        return self.samples / self.rate

    def hear(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk, which may end inside a sample, adds to the voice."""
        data = self._rest + chunk
        whole = len(data) - len(data) % (_SAMPLE_BYTES * self.channels)
        self._rest = data[whole:]
        self.crc32 = zlib.crc32(data[:whole], self.crc32)
        sound = np.frombuffer(data[:whole], "<i2")
        if self.channels > 1:
            sound = sound.reshape(-1, self.channels).mean(axis=1).astype(np.int16)
        self.samples += len(sound)
        if self._resampler is None:
            yield sound.tobytes()
            return
        for frame in self._resampler.push(bytearray(sound.tobytes())):
            yield bytes(frame.data)

    def last(self) -> Iterator[bytes]:
        """Yield what the resampler still holds back."""
        for frame in self._resampler.flush() if self._resampler else ():
            yield bytes(frame.data)


def _number(attributes: Mapping[str, str], name: str) -> int:
    text = attributes.get(name, "")
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise ValueError(f"the stream's attribute {name} is {attributes.get(name)!r}, not a positive whole number")
    return int(text)


def _resampler(source: int, target: int) -> rtc.AudioResampler | None:
    if source == target:
        return None
    try:
        return rtc.AudioResampler(source, target, num_channels=1, quality=rtc.AudioResamplerQuality.HIGH)
    except Exception as error:  # the library raises nothing narrower
        raise ValueError(f"a sample rate of {source} cannot be played: {error}") from error
