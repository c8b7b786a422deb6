"""Sounds that the cases speak: pure tones, so that length, pitch and gaps can be measured where they are heard."""

import wave
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

AMPLITUDE = 0.5
FADE_SECONDS = 0.005
"""A tone that starts at full swing clicks, and a click is no tone."""


@dataclass(frozen=True)
class Sound:
    """A WAV file (s16le) and what is in it."""

    path: Path
    seconds: float
    hz: float
    rate: int
    channels: int

    @property
    def samples(self) -> int:
        """Samples per channel."""
        return round(self.seconds * self.rate)

    @property
    def crc32(self) -> int:
        """Of the samples' bytes, as an avatar logs it of what it received."""
        with wave.open(str(self.path), "rb") as sound:
            return zlib.crc32(sound.readframes(sound.getnframes()))


def tone(folder: Path, seconds: float, hz: float = 440.0, rate: int = 24_000, channels: int = 1) -> Sound:
    """Write a tone and return it; the same tone is written once."""
    path = folder / f"tone-{seconds:g}s-{hz:g}hz-{rate}-{channels}.wav"
    sound = Sound(path, seconds, hz, rate, channels)
    if not path.exists():
        time = np.arange(sound.samples) / rate
        fade = np.clip(np.minimum(time, seconds - time) / FADE_SECONDS, 0, 1)
        wave_form = (np.sin(2 * np.pi * hz * time) * fade * AMPLITUDE * 32767).astype("<i2")
        with wave.open(str(path), "wb") as out:
            out.setnchannels(channels)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(np.repeat(wave_form, channels).tobytes())
        path.chmod(0o644)
    return sound
