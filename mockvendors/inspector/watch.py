"""A hidden participant that looks at one avatar, for as long as somebody watches the page."""

import asyncio
import secrets
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress

from livekit import rtc

from mockvendors import limits
from mockvendors.avatar.door import enter, leave
from mockvendors.avatar.stamp import SMALLEST
from mockvendors.errors import EnvironmentFault
from mockvendors.inspector.ear import PIECES_KEPT, Ear
from mockvendors.inspector.media import RATE, jpeg
from mockvendors.redact import redact_text
from mockvendors.room.livekit import LiveKit
from mockvendors.room.tokens import join_token

_MOST_FPS = 15.0


class Watch:
    """Keeps the latest picture of one participant, and hands its voice to those who listen."""

    def __init__(self, livekit: LiveKit, url: str, room: str, identity: str) -> None:
        """Prepare to look at `identity` in `room`, at the address that the avatar itself uses."""
        self.over = False
        """Whether the avatar has left: nothing more will come."""
        self.picture: bytes | None = None
        """The latest JPEG."""
        self._url = url
        self._token = join_token(livekit, room, f"viewer-{secrets.token_hex(4)}", hidden=True)
        self._identity = identity
        self._room = rtc.Room()
        self._changed = asyncio.Event()
        self._ears: set[Ear] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._room.on("track_published", self._on_published)
        self._room.on("track_subscribed", self._on_subscribed)
        self._room.on("track_unsubscribed", self._on_unsubscribed)
        self._room.on("participant_disconnected", self._on_gone)
        self._room.on("disconnected", lambda _reason: self._end())

    async def join(self) -> None:
        """Enter the room, unseen, and take only the avatar's tracks."""
        await go_in(self._room, self._url, self._token)
        avatar = self._room.remote_participants.get(self._identity)
        for publication in avatar.track_publications.values() if avatar else ():
            publication.set_subscribed(True)

    async def close(self) -> None:
        """Leave the room."""
        self._end()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await go_out(self._room)

    async def next_picture(self, last: bytes | None) -> bytes | None:
        """Return a JPEG that is not `last`, once there is one; None at the end."""
        while self.picture is last and not self.over:
            await self._changed.wait()
        return None if self.over else self.picture

    @contextmanager
    def listening(self) -> Iterator[Ear]:
        """Hear the voice from now on."""
        ear = Ear()
        self._ears.add(ear)
        if self.over:
            ear.end()
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    def _on_published(self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._identity:
            publication.set_subscribed(True)

    def _on_subscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, _participant: rtc.RemoteParticipant
    ) -> None:
        if self.over:  # nobody would end the reading any more
            return
        video = track.kind == rtc.TrackKind.KIND_VIDEO
        self._spawn(publication.sid, self._look(track) if video else self._listen(track))

    def _on_unsubscribed(
        self, _track: rtc.Track, publication: rtc.RemoteTrackPublication, _participant: rtc.RemoteParticipant
    ) -> None:
        task = self._tasks.get(publication.sid)
        if task is not None:
            task.cancel()  # the stream of an ended track never ends by itself

    def _on_gone(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._identity:
            self._end()

    def _spawn(self, sid: str, work: Coroutine[object, object, None]) -> None:
        self._tasks[sid] = asyncio.create_task(work, name=f"viewer-{sid}")

    async def _look(self, track: rtc.Track) -> None:
        """Keep the latest picture, at most 15 a second; the frames in between are passed over."""
        stream = rtc.VideoStream(track, capacity=1)
        due = 0.0
        try:
            async for event in stream:
                now = time.monotonic()
                if now < due or min(event.frame.width, event.frame.height) < SMALLEST:
                    continue
                due = now + 1 / _MOST_FPS
                self.picture = await asyncio.to_thread(jpeg, event.frame)
                self._wake()
        finally:
            await asyncio.shield(stream.aclose())

    async def _listen(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1, capacity=PIECES_KEPT)
        try:
            async for event in stream:
                piece = bytes(event.frame.data)
                for ear in self._ears:
                    ear.add(piece)
        finally:
            await asyncio.shield(stream.aclose())

    def _end(self) -> None:
        self.over = True
        self._wake()
        for ear in self._ears:
            ear.end()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


async def go_in(room: rtc.Room, url: str, token: str) -> None:
    """Join without subscribing; an EnvironmentFault says why not. May be cancelled: nobody is left in the room then."""
    cause = await enter(room, url, token, limits.scaled(limits.PROBE_JOIN))
    if cause is not None:
        raise EnvironmentFault(f"the viewer cannot join a room at {redact_text(f'{url}: {cause}')}", "See `mockvendors doctor`")


async def go_out(room: rtc.Room) -> None:
    """Disconnect, in whatever state the room is."""
    with suppress(TimeoutError):  # it is gone for us either way
        async with asyncio.timeout(limits.scaled(limits.VIEWER_CLOSE)):
            await leave(room)
