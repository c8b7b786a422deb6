"""The speech protocol's avatar end: streams in, voice out, playback reports back, interrupts obeyed."""

from livekit import rtc

from mockvendors.avatar.ears import AUDIO_TOPIC, Ears
from mockvendors.avatar.ending import Ending
from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.avatar.reports import Reports
from mockvendors.avatar.segment import Segment
from mockvendors.avatar.voice import Voice
from mockvendors.avatar.watch import Watch

CLEAR_BUFFER = "lk.clear_buffer"


class Speech:
    """Ears, voice and reports of one stay; it listens to one participant, and each segment is reported once."""

    def __init__(self, plan: AvatarPlan, room: rtc.Room, log: AvatarLog, ending: Ending, watch: Watch) -> None:
        self._behaviour = plan.behaviour
        self._room = room
        self._log = log
        self._ending = ending
        self._watch = watch
        self.speaker = plan.speaker
        """Identity of the participant that is listened to; None until the first one speaks."""
        self.reports = Reports(room, log)
        self.voice = Voice(plan.voice_rate, plan.behaviour, self)
        self.ears = Ears(log, plan.voice_rate, self._admits, self.voice.open)
        room.register_byte_stream_handler(AUDIO_TOPIC, self.ears.on_stream)

    def take_interrupts(self) -> None:
        """Answer interrupts, now that the room is open: before, it has nobody who could be asked."""
        self._room.local_participant.register_rpc_method(CLEAR_BUFFER, self._on_clear)

    def playback_started(self, segment: Segment) -> None:
        """See `Listener`."""
        self._log.add("playback_started", segment=segment.number)
        if self._behaviour.playback_started:
            self.reports.started(segment.sender)

    def playback_finished(self, segment: Segment, position: float, *, interrupted: bool) -> None:
        """See `Listener`."""
        told = {"position": round(position, 4), "interrupted": interrupted, "segment": segment.number}
        self._log.add("playback_finished", **told)
        if self._behaviour.playback_finished:
            for _ in range(self._behaviour.finish_count):
                self.reports.finished(segment.sender, position, interrupted=interrupted)

    def in_speech(self, _segment: Segment, position: float) -> None:
        """See `Listener`."""
        leave = self._behaviour.leave_in_speech
        if leave is not None and position >= leave:
            self._ending.set("left")

    def _admits(self, sender: str) -> bool:
        if self.speaker is None:
            self.speaker = sender
            self._watch.follow(sender)
        return sender == self.speaker

    def _on_clear(self, call: rtc.RpcInvocationData) -> str:
        self._log.add("clear_buffer", caller=call.caller_identity)
        if call.caller_identity != self.speaker:
            return "reject"
        if self._behaviour.obeys_interrupt:
            self.ears.forget(self.voice.clear())
        return "ok"
