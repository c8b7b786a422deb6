"""What can end a stay from outside: the room, the clock, the speaker's absence."""

import asyncio

from livekit import rtc

from mockvendors import limits
from mockvendors.avatar.ending import Ending
from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.plan import AvatarPlan

_REASONS = {
    rtc.DisconnectReason.PARTICIPANT_REMOVED: "removed",
    rtc.DisconnectReason.DUPLICATE_IDENTITY: "duplicate",
}
"""All others (room deleted, room closed, server gone) are the end of the room."""


class Watch:
    """Timers and room events that set the ending; holds no task."""

    def __init__(self, plan: AvatarPlan, room: rtc.Room, ending: Ending, log: AvatarLog) -> None:
        self._plan = plan
        self._room = room
        self._ending = ending
        self._log = log
        self._speaker: str | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._absence: asyncio.TimerHandle | None = None

    def listen(self) -> None:
        """Follow the room's events."""
        self._room.on("disconnected", self._on_disconnected)
        self._room.on("participant_connected", self._on_came)
        self._room.on("participant_disconnected", self._on_gone)

    def start(self, speaker: str | None) -> None:
        """Start the clocks; called when the avatar has joined."""
        self._speaker = speaker
        self._after(self._plan.max_seconds, "expired")
        self._after(self._plan.behaviour.leave_after_join, "left")
        if speaker is not None and speaker not in self._room.remote_participants:
            self._absent(limits.scaled(limits.AVATAR_SPEAKER))

    def follow(self, speaker: str) -> None:
        """Mind the absence of this participant, whom the token did not name."""
        self._speaker = speaker

    def leave_soon(self) -> None:
        """Leave once others can have noticed that the avatar is there."""
        self._after(limits.scaled(limits.QUIET_WATCH), "left")

    def close(self) -> None:
        """Stop all clocks."""
        for timer in (*self._timers, self._absence):
            if timer is not None:
                timer.cancel()

    def _after(self, seconds: float | None, reason: str) -> None:
        if seconds is not None:
            self._timers.append(asyncio.get_running_loop().call_later(seconds, self._ending.set, reason))

    def _absent(self, seconds: float) -> None:
        if self._plan.behaviour.leave_on_speaker_gone:
            self._absence = asyncio.get_running_loop().call_later(seconds, self._ending.set, "speaker_left")

    def _on_came(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._speaker and self._absence is not None:
            self._absence.cancel()
            self._absence = None

    def _on_gone(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._speaker:
            if self._absence is not None:
                self._absence.cancel()
            self._absent(self._plan.grace_seconds)

    def _on_disconnected(self, reason: "rtc.DisconnectReason.ValueType") -> None:
        if self._ending.reason is None:
            self._log.add("disconnected", reason=rtc.DisconnectReason.Name(reason))
        self._ending.set(_REASONS.get(reason, "room_ended"))
