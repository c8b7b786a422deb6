"""What the plugin makes of the avatar's reports, and of an interrupt."""

from __future__ import annotations

import json
import time

from livekit import rtc
from livekit.agents.voice.io import PlaybackFinishedEvent

from .base import Voice


class PlaybackEndGuessed(Voice):
    """Takes speech for played as soon as it is sent, and hears nothing of the avatar's report."""

    rule = "core.playback.no-finish"

    def flush(self) -> None:
        sending = self._stream_writer is not None
        super().flush()
        if sending:
            self.on_playback_finished(playback_position=self._pushed_duration, interrupted=False)

    def _handle_playback_finished(self, data: rtc.RpcInvocationData) -> str:
        return "ok"


class PlaybackEndUnheard(Voice):
    """Hears nothing of the avatar's report that it has finished."""

    rule = "core.playback.finished"

    def _handle_playback_finished(self, data: rtc.RpcInvocationData) -> str:
        return "ok"


class PlaybackStartUnheard(Voice):
    """Hears nothing of the avatar's report that it speaks."""

    rule = "core.playback.started"

    def _handle_playback_started(self, data: rtc.RpcInvocationData) -> str:
        return "ok"


class PlaybackStartRequired(Voice):
    """Takes an avatar's end for nothing when no start was reported."""

    rule = "core.playback.tolerates-no-start"
    begun = False

    def _handle_playback_started(self, data: rtc.RpcInvocationData) -> str:
        self.begun = True
        return super()._handle_playback_started(data)

    def _handle_playback_finished(self, data: rtc.RpcInvocationData) -> str:
        return super()._handle_playback_finished(data) if self.begun else "ok"


class EarlyEndEndsAll(Voice):
    """Takes an end that comes too soon for the end of the avatar, and says no more."""

    rule = "core.playback.early-finish"
    began = 0.0
    broken = False

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        self.began = self.began or time.monotonic()
        if not self.broken:
            await super().capture_frame(frame)

    def _handle_playback_finished(self, data: rtc.RpcInvocationData) -> str:
        self.broken = time.monotonic() - self.began < self._pushed_duration
        return super()._handle_playback_finished(data)


class DoubledEndToldTwice(Voice):
    """Tells its user twice of an end that the avatar reports twice."""

    rule = "core.playback.doubled-finish"

    def _handle_playback_finished(self, data: rtc.RpcInvocationData) -> str:
        if not self._pending_playback_count:
            self.emit("playback_finished", PlaybackFinishedEvent(**json.loads(data.payload)))
        return super()._handle_playback_finished(data)


class InterruptIgnored(Voice):
    """Does nothing when it is interrupted: the avatar talks on."""

    rule = "core.interrupt.clear-buffer"

    def clear_buffer(self) -> None:
        pass


class InterruptTwice(Voice):
    """Interrupts the avatar twice."""

    rule = "core.interrupt.clear-buffer"

    async def _clear_buffer_task(self, pushed_duration: float, captured_segments: int) -> None:
        await self._room.local_participant.perform_rpc(
            destination_identity=self._destination_identity, method="lk.clear_buffer", payload=""
        )
        await super()._clear_buffer_task(pushed_duration, captured_segments)


class InterruptToldAsEnd(Voice):
    """Tells its user that interrupted speech was played to its end."""

    rule = "core.interrupt.finished"

    def on_playback_finished(
        self,
        *,
        playback_position: float,
        interrupted: bool,
        synchronized_transcript: str | None = None,
    ) -> None:
        super().on_playback_finished(
            playback_position=playback_position, interrupted=False, synchronized_transcript=synchronized_transcript
        )


class InterruptWaitsForEver(Voice):
    """Waits for ever for an avatar that ignores the interrupt."""

    rule = "core.interrupt.fallback"

    async def _clear_buffer_task(self, pushed_duration: float, captured_segments: int) -> None:
        self._clear_buffer_timeout = None
        await super()._clear_buffer_task(pushed_duration, captured_segments)


class MuteAfterInterrupt(Voice):
    """Says no more once it was interrupted."""

    rule = "core.interrupt.next-segment"
    cleared = False

    def clear_buffer(self) -> None:
        self.cleared = True
        super().clear_buffer()

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        if not self.cleared:
            await super().capture_frame(frame)
