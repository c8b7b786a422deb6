"""One speech segment: what arrived of it, and how far it was played."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""Mono, signed 16 bit, at the rate of the voice."""


@dataclass(slots=True)
class Segment:
    """A queue of samples that is filled by the ears and emptied by the voice."""

    number: int
    sender: str
    rate: int
    """Samples a second of the voice."""
    closed: bool = False
    """Nothing more comes."""
    started: bool = False
    finished: bool = False
    """Its end was reported."""
    cleared: bool = False
    taken: int = 0
    """Samples that were handed to the room."""
    plays_until: float = 0.0
    """Monotonic time at which the last sample taken has played."""
    _pending: bytearray = field(default_factory=bytearray)

    def add(self, samples: bytes) -> None:
        """Append samples, as little-endian 16 bit."""
        if not self.cleared:
            self._pending += samples

    def take(self, count: int) -> Samples | None:
        """Return up to `count` samples: fewer only at the end of the segment, None if there are not enough yet."""
        have = len(self._pending) // 2
        if have == 0 or (have < count and not self.closed):
            return None
        data = bytes(self._pending[: 2 * count])
        del self._pending[: 2 * count]
        self.taken += len(data) // 2
        return np.frombuffer(data, np.int16)

    @property
    def exhausted(self) -> bool:
        """True when all of it was handed to the room."""
        return self.closed and not self._pending

    @property
    def total(self) -> int:
        """Samples that arrived so far."""
        return self.taken + len(self._pending) // 2

    def position(self, now: float) -> float:
        """Return the seconds that have really been played at `now` (monotonic)."""
        ahead = max(0.0, self.plays_until - now)
        return max(0.0, self.taken / self.rate - ahead)

    def drop(self) -> None:
        """Forget the rest; what still arrives is ignored."""
        self.cleared = self.closed = True
        self._pending.clear()
