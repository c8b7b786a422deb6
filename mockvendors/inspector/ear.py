"""What one listener on the page hears."""

import asyncio
from collections import deque

PIECES_KEPT = 100
"""Pieces of 10 ms of sound that a slow browser may be behind."""


class Ear:
    """The sound of one listener; what it is too slow for is dropped."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque(maxlen=PIECES_KEPT)
        self._changed = asyncio.Event()

    def add(self, piece: bytes) -> None:
        """Take 10 ms of samples."""
        self._pieces.append(piece)
        self._changed.set()

    def end(self) -> None:
        """Let `take` return nothing from now on."""
        self.add(b"")

    async def take(self) -> bytes:
        """Return what came since, once there is something; nothing at the end."""
        await self._changed.wait()
        self._changed.clear()
        pieces = list(self._pieces)
        self._pieces.clear()
        return b"".join(pieces)
