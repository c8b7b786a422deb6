"""What the plugin does until the avatar is there, and when it is late, silent, or gone again."""

from __future__ import annotations

import asyncio
import contextlib

from livekit import rtc
from livekit.agents import utils
from livekit.agents.metrics.base import AvatarMetrics
from livekit.agents.voice.avatar import DataStreamAudioOutput
from livekit.agents.voice.io import AudioOutput

from .base import Session, Voice


class WaitForAnother(Session):
    """Waits for a participant of another name, who never comes."""

    rule = "core.join.wait"

    async def _wait_avatar_join(self) -> None:
        assert self._room is not None
        await utils.wait_for_participant(self._room, identity=f"{self.avatar_identity}-1")


class WaitForNobody(Session):
    """Says that the avatar has joined, though it never does."""

    rule = "core.join.timeout"

    async def wait_for_join(self, *, timeout: float | None = 30.0) -> None:
        pass


class WaitWithoutVideo(Session):
    """Takes an avatar without a picture for one that has joined."""

    rule = "core.join.leaves-early"

    async def _wait_avatar_join(self) -> None:
        assert self._room is not None
        await utils.wait_for_participant(self._room, identity=self.avatar_identity)


class JoinNotMeasured(Session):
    """Reports no metric of the join."""

    rule = "core.join.metric"

    def _emit_metrics(self, metrics: AvatarMetrics) -> None:
        pass


class LeavesEarlyUntold(Voice):
    """Takes what is said to an avatar that has left before its video for over, and tells nobody that it was not heard."""

    rule = "core.join.leaves-early"
    gone = False

    async def _start_task(self) -> None:
        who = self._destination_identity
        await utils.wait_for_participant(room=self._room, identity=who)
        try:
            await utils.wait_for_track_publication(room=self._room, identity=who, kind=rtc.TrackKind.KIND_VIDEO)
        except RuntimeError:
            self.gone = True
        self._started = True

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        if self._start_atask is not None:
            await asyncio.shield(self._start_atask)
        if self.gone:
            await AudioOutput.capture_frame(self, frame)  # counted, and not sent
        else:
            await super().capture_frame(frame)

    def flush(self) -> None:
        super().flush()
        if self.gone:
            self.on_playback_finished(playback_position=0, interrupted=False)


class LeavesEarlyWaitsForEver(Voice):
    """Waits for ever for an avatar that has left before its video."""

    rule = "core.join.leaves-early"

    async def _start_task(self) -> None:
        while not self._started:
            with contextlib.suppress(RuntimeError):
                await super()._start_task()


class OneFailureForEver(Voice):
    """Never speaks again to an avatar that left before its video and came back."""

    rule = "core.join.returns"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        await DataStreamAudioOutput.capture_frame(self, frame)  # past what the plugin does about it


class SpeechBeforeTheAvatar(Voice):
    """Sends speech at once, to an avatar that is not in the room yet or has no face."""

    rule = "core.join.video-before-audio"

    async def _start_task(self) -> None:
        await self._room_connected_fut
        self._started = True


class SpeechOfALateAvatarLost(Voice):
    """Loses the frame with which it waited for the avatar."""

    rule = "core.join.late"

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        if self._started or self._start_atask is None:
            await super().capture_frame(frame)
        else:
            await asyncio.shield(self._start_atask)
