"""The participant that watches a room and measures what arrives there."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

from livekit import rtc

from mockvendors import limits
from mockvendors.avatar.door import enter, leave
from mockvendors.errors import EnvironmentFault
from mockvendors.room.livekit import LiveKit
from mockvendors.room.subscriptions import Subscriptions
from mockvendors.room.tokens import join_token
from mockvendors.room.video_report import SeenFrame, Settled, Size, VideoReport, settle, video_report
from mockvendors.room.voice_report import VoiceReport, lip_sync_ms
from mockvendors.room.watched import ParticipantReport, Watched

__all__ = ["ParticipantReport", "Probe", "Settled", "VideoReport", "VoiceReport"]

T = TypeVar("T")


class Probe:
    """Watches everybody in one room; every wait ends in a TimeoutError that tells what was seen so far."""

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self.room = rtc.Room()
        self._changed = asyncio.Event()
        self._watched: dict[str, Watched] = {}
        self._subscriptions = Subscriptions(self.room, self._watched, self._wake)

    @classmethod
    @asynccontextmanager
    async def join(
        cls, livekit: LiveKit, room: str, *, hidden: bool = True, identity: str | None = None
    ) -> AsyncIterator["Probe"]:
        """Join the room and watch it until the block ends; normally before the avatar comes."""
        probe = cls(identity or f"probe-{uuid.uuid4().hex[:8]}")
        token = join_token(livekit, room, probe.identity, hidden=hidden)
        await probe._connect(livekit.url, token)
        try:
            yield probe
        finally:
            await probe._close()

    @property
    def participants(self) -> Mapping[str, ParticipantReport]:
        """Everybody who was ever there, by identity."""
        return {identity: watched.report() for identity, watched in self._watched.items()}

    async def participant(self, identity: str, limit: float = limits.PROBE_WAIT) -> ParticipantReport:
        """Return who that is, once it is in the room."""

        def there() -> ParticipantReport | None:
            watched = self._watched.get(identity)
            return watched.report() if watched and watched.present else None

        return await self._until(there, limit, f"{identity} in the room")

    async def gone(self, identity: str, limit: float = limits.PROBE_WAIT) -> ParticipantReport:
        """Return the participant's times, once it was in the room and has left."""

        def away() -> ParticipantReport | None:
            watched = self._watched.get(identity)
            return watched.report() if watched and watched.visits and not watched.present else None

        return await self._until(away, limit, f"{identity} out of the room again")

    async def first_frame(self, identity: str, size: Size | None = None, limit: float = limits.PROBE_WAIT) -> SeenFrame:
        """Return the first stamped frame, or the first that was delivered at that size (pixels)."""

        def shown() -> SeenFrame | None:
            frames = self._frames(identity)
            return next((f for f in frames if f.stamp is not None and size in (None, f.size)), None)

        return await self._until(shown, limit, f"a stamped frame of {identity}{_at(size)}")

    async def settled_size(self, identity: str, limit: float = limits.PROBE_WAIT) -> Settled:
        """Return the size at which the picture came to rest; see `settle` for what that means."""

        def rested() -> Settled | None:
            watched = self._watched.get(identity)
            return settle(watched.frames, watched.publication) if watched else None

        return await self._until(rested, limit, f"a steady picture of {identity}")

    async def heard(self, identity: str, seconds: float = 0.0, limit: float = limits.PROBE_WAIT) -> VoiceReport:
        """Return the voice, once at least so many seconds of it were heard and quiet followed."""

        def spoke() -> VoiceReport | None:
            watched = self._watched.get(identity)
            if watched is None or not watched.sound.utterance_over() or watched.sound.spoken()[0] < seconds:
                return None
            return watched.sound.report()

        return await self._until(spoke, limit + seconds, f"{seconds:g} s of voice of {identity}, and quiet after it")

    def video(self, identity: str, epoch: float | None = None) -> VideoReport:
        """Sum up the video so far; `epoch` (an avatar's `log.began` in this process) gives the latency."""
        watched = self._watched.get(identity)
        return video_report(self._frames(identity), watched.publication if watched else None, epoch)

    def voice(self, identity: str) -> VoiceReport:
        """Sum up the voice so far."""
        return self._of(identity).sound.report()

    def lip_sync_ms(self, identity: str) -> float | None:
        """Return how late the mouth opens after the voice begins, in ms: median over utterances; None without any."""
        return lip_sync_ms(self.voice(identity).segments, self._frames(identity))

    def seen(self) -> str:
        """Return what was seen so far, one line a participant."""
        return "\n".join(_line(watched) for watched in self._watched.values()) or "nobody"

    def _frames(self, identity: str) -> list[SeenFrame]:
        watched = self._watched.get(identity)
        return list(watched.frames) if watched else []

    def _of(self, identity: str) -> Watched:
        if identity not in self._watched:
            raise KeyError(f"{identity} was never in the room; seen:\n{self.seen()}")
        return self._watched[identity]

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def _until(self, ready: Callable[[], T | None], limit: float, what: str) -> T:
        try:
            async with asyncio.timeout(limits.scaled(limit)):
                while (result := ready()) is None:
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"not within {limit:g} s: {what}. Seen so far:\n{self.seen()}") from None
        return result

    async def _connect(self, url: str, token: str) -> None:
        cause: str | None = "given up"
        try:
            cause = await enter(self.room, url, token, limits.scaled(limits.PROBE_JOIN), subscribe=True)
        finally:
            if cause is not None:
                await self._subscriptions.close()
        if cause is not None:
            raise EnvironmentFault(f"the probe cannot join a room at {url}: {cause}", "See `mockvendors doctor`")
        self._subscriptions.take_present()

    async def _close(self) -> None:
        await self._subscriptions.close()
        limit = limits.scaled(limits.AVATAR_CLOSE)
        try:
            async with asyncio.timeout(limit):
                await leave(self.room)
        except TimeoutError:  # never the plugin's, whose limits end in this class too
            raise EnvironmentFault(f"LiveKit did not let the probe go within {limit:g} s", "See whether it still runs") from None


def _at(size: Size | None) -> str:
    return f" at {size[0]}x{size[1]}" if size else ""


def _line(watched: Watched) -> str:
    report = watched.report()
    stamped = sum(frame.stamp is not None for frame in watched.frames)
    sizes = ", ".join(dict.fromkeys(f"{f.size[0]}x{f.size[1]}" for f in watched.frames)) or "none"
    state = "present" if watched.present else "gone"
    voiced, quiet = watched.sound.spoken()
    return (
        f"  {report.identity} ({report.kind}, {state}): tracks {', '.join(watched.tracks) or 'none'}, "
        f"{len(watched.frames)} frames ({stamped} stamped, sizes {sizes}), "
        f"voice {voiced:.2f} s, then quiet {quiet:.2f} s"
    )
