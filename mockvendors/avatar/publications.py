"""Tracks on their way into a room, and the wait for those that have not arrived.

Who leaves a room while the native library still puts a track into it takes away what the library works with: it ends the whole
process with a segmentation fault (10 of 59 runs of a busy machine, `livekit` 1.1.21, in `AddTransceiver`). So nobody cancels a
publication, and whoever leaves waits for it.
"""

import asyncio
import time

from livekit import rtc

from mockvendors import limits

PUBLICATION = "avatar-publication"
"""The name of such a task."""


class Publications:
    """The tracks that one participant publishes."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room
        self._under_way: set[asyncio.Task[rtc.LocalTrackPublication]] = set()
        self._gone = asyncio.Event()
        room.on("disconnected", lambda *_: self._gone.set())

    async def publish(self, track: rtc.LocalTrack, options: rtc.TrackPublishOptions) -> None:
        """Publish and wait for it; who is cancelled meanwhile leaves it to `settled`. Raises PublishTrackError."""
        work = asyncio.create_task(self._room.local_participant.publish_track(track, options), name=PUBLICATION)
        self._under_way.add(work)
        work.add_done_callback(self._forget)
        await asyncio.shield(work)

    async def settled(self) -> bool:
        """Wait until the library has every track where it belongs, or has failed; False: it has not in time.

        Nothing more is heard of them where the room is gone, so that nothing is waited for.
        """
        gone = asyncio.create_task(self._gone.wait(), name="avatar-room-gone")
        left = set(self._under_way)
        end = time.monotonic() + limits.scaled(limits.AVATAR_PUBLISH_PATIENCE)
        while left and not gone.done() and (patience := end - time.monotonic()) > 0:
            _, waiting = await asyncio.wait({gone, *left}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            left &= waiting
        in_time = not left or gone.done()
        for work in {gone, *left}:
            work.cancel()
        await asyncio.wait({gone, *left})
        return in_time

    def _forget(self, work: "asyncio.Task[rtc.LocalTrackPublication]") -> None:
        self._under_way.discard(work)
        if not work.cancelled():
            work.exception()  # whoever still waits hears of it; where nobody does, the room is being left
