"""Rooms that the page opens: LiveKit sends a person's agent into each new one, so a click is all that it takes."""

import asyncio
import secrets
from contextlib import suppress

from livekit import rtc

from mockvendors.errors import EnvironmentFault
from mockvendors.inspector.watch import go_in, go_out
from mockvendors.room.livekit import LiveKit
from mockvendors.room.rooms import delete_room
from mockvendors.room.tokens import join_token

IDENTITY = "viewer"
"""A visible, standard participant: agents wait for one before they speak."""


class OpenRooms:
    """The rooms in which the page stands, by name."""

    def __init__(self) -> None:
        self._rooms: dict[str, tuple[LiveKit, rtc.Room]] = {}
        self._opening: set[asyncio.Task[None]] = set()

    @property
    def names(self) -> list[str]:
        """The rooms that are open now, oldest first."""
        return list(self._rooms)

    async def open(self, livekit: LiveKit) -> str:
        """Open a new room by joining it, and return its name; cancelled before it is open, it leaves nobody there."""
        name = f"viewer-{secrets.token_hex(3)}"
        opening = asyncio.create_task(self._open(livekit, name), name=f"viewer-open-{name}")
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        try:
            await asyncio.shield(opening)  # its end is awaited by `close`, whatever becomes of the request
        except asyncio.CancelledError:
            _give_up(opening)
            raise
        return name

    async def shut(self, name: str) -> bool:
        """End a room for everybody in it; tell whether it was one of ours."""
        found = self._rooms.pop(name, None)
        if found is None:
            return False
        livekit, room = found
        with suppress(EnvironmentFault):  # the server has gone, and the room with it
            await delete_room(livekit, name)
        await go_out(room)
        return True

    async def close(self) -> None:
        """End all of them, and those that are being opened."""
        for opening in self._opening:
            _give_up(opening)
        await asyncio.gather(*self._opening, return_exceptions=True)
        await asyncio.gather(*(self.shut(name) for name in self.names))

    async def _open(self, livekit: LiveKit, name: str) -> None:
        room = rtc.Room()
        room.on("disconnected", lambda _reason: self._rooms.pop(name, None))
        await go_in(room, livekit.url, join_token(livekit, name, IDENTITY, name=IDENTITY))
        self._rooms[name] = (livekit, room)


def _give_up(opening: "asyncio.Task[None]") -> None:
    """Cancel it, once: a second time would cut off its leaving."""
    if not opening.cancelling():
        opening.cancel()
