"""Sound as it was heard: samples on a clock, with a bound on memory."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from mockvendors.room.voice_report import LOUD, RATE, SPLIT, VoiceReport, voice_report

CHUNK = RATE // 100
"""The room hands out 10 ms at a time."""
_CHUNK_SECONDS = CHUNK / RATE
_KEPT = 120 * 100
"""Chunks that are kept: two minutes, 12 MB."""
_PAUSE = 0.5
"""Seconds of absence from which a new track is a new beginning."""


class Sound:
    """What was heard of one participant; a returning track goes on behind the silence that it left."""

    def __init__(self) -> None:
        self._chunks: deque[NDArray[np.int16]] = deque(maxlen=_KEPT)
        self._count = 0
        self._began = 0.0
        self._voiced = 0
        self._quiet = 0

    def resume(self, at: float) -> None:
        """Start, or go on after an absence; `at` is the monotonic time of the first chunk to come."""
        if self._count == 0:
            self._began = at
            return
        missing = at - (self._began + self._count * _CHUNK_SECONDS)
        if missing > _PAUSE:
            for _ in range(min(_KEPT, round(missing / _CHUNK_SECONDS))):
                self._append(np.zeros(CHUNK, np.int16))

    def add(self, chunk: NDArray[np.int16], at: float) -> None:
        """Append 10 ms that arrived at `at`; the promptest arrival sets the clock, late ones are the loop's delay."""
        self._began = min(self._began, at - self._count * _CHUNK_SECONDS)
        self._append(chunk)

    def spoken(self) -> tuple[float, float]:
        """Return the seconds of voice heard so far, and the seconds of quiet since the last voice."""
        return self._voiced * _CHUNK_SECONDS, self._quiet * _CHUNK_SECONDS

    def utterance_over(self) -> bool:
        """Return True when voice was heard and enough quiet followed it."""
        return self._voiced > 0 and self._quiet * _CHUNK_SECONDS > SPLIT

    def report(self) -> VoiceReport:
        """Sum up what is kept."""
        first = self._count - len(self._chunks)
        samples = np.concatenate(self._chunks) if self._chunks else np.zeros(0, np.int16)
        return voice_report(samples, self._began + first * _CHUNK_SECONDS)

    def _append(self, chunk: NDArray[np.int16]) -> None:
        self._count += 1
        self._chunks.append(chunk)
        if float(np.sqrt(np.mean(np.square(chunk, dtype=np.float64)))) > LOUD:
            self._voiced += 1
            self._quiet = 0
        else:
            self._quiet += 1
