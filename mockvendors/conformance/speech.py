"""Reusable cases: what the agent says arrives whole, is heard right, and is reported back."""

from collections.abc import Callable
from typing import Any

import pytest

from mockvendors import faults, limits
from mockvendors.conformance.allowed import Between, Holds
from mockvendors.conformance.base import Cases, needs, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.hearing import SLACK, Talk
from mockvendors.conformance.marks import own
from mockvendors.conformance.room import logged

LENGTH = 0.4
OTHER_RATE = 48_000
"""Samples a second of a sound that is to be resampled: the rate of a room's own voices, and of no vendor's speech."""
PITCH = 443.0
"""Hz: of its frames, of 10 or 20 ms, no two in a second are alike, so that any that change places are seen."""


@pytest.mark.usefixtures("room")  # the avatar joins only a case with a room
class SpeechCases(Cases):
    """Judged by the avatar's log, then by the probe's ears; the driver is asked only for its user's events."""

    async def log(self, drive: Drive, vendor: Any) -> Any:  # an AvatarLog
        """Start, and return the log of the avatar that joined."""
        await drive.started()
        session = list(vendor.sessions.values())[-1]
        await session.joined(limits.PROBE_WAIT)
        return session.log

    @rule("core.speech.complete")
    async def test_speech_arrives_whole(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        log = await self.log(drive, vendor)
        tone = sound(LENGTH, PITCH, self.traits.speech_rate)
        await drive.speak(tone)
        arrived = await logged(log, "stream_opened")
        check("core.speech.stream", arrived, True, "whether speech reached the avatar at all")
        opened = log.of("stream_opened")
        attributes = opened[0].data["attributes"]
        rate = attributes.get("sample_rate")
        as_text = Holds("a whole number, as text", lambda told: str(told).isdigit())
        check("core.speech.rate", rate, as_text, "the stream's attribute sample_rate")
        check("core.speech.channels", attributes.get("num_channels"), str(tone.channels), "the stream's attribute num_channels")
        ended = await logged(log, "stream_closed")
        check("core.speech.segment-end", ended, True, "whether the stream was closed after the last sample of an utterance")
        await drive.event("speech_done")
        closed = log.of("stream_closed")
        check("core.speech.stream", len(closed), 1, "streams for one utterance")
        samples = closed[0].data["samples"]
        if int(rate) == tone.rate:  # what is resampled on its way has other samples: its length and its pitch are judged
            check("core.speech.complete", samples, tone.samples, "samples that the avatar received")
            why = "checksum (crc32) of the samples that the avatar received, against those handed over"
            check("core.speech.complete", closed[0].data["crc32"], tone.crc32, why)
        lasts = Between(0.95 * tone.seconds, 1.05 * tone.seconds, "s")  # another rate is resampled, which costs some samples
        check("core.speech.rate", samples / int(rate), lasts, f"how long {samples} samples last at the rate {rate} that is told")
        check("core.speech.segment-end", closed[0].data["end"], "closed", "how the stream ended")

    @own(lambda rules: rules.speech_rate)
    async def test_rate_is_the_vendors(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        log = await self.log(drive, vendor)
        await drive.speak(sound(0.1, rate=OTHER_RATE))
        opened = await log.wait_for("stream_opened", limits.SPEECH_ARRIVES)
        rate = opened.data["attributes"].get("sample_rate")
        check(self.rules.speech_rate, rate, str(self.traits.speech_rate), "samples a second of the speech sent")

    @rule("core.speech.heard")
    async def test_speech_is_heard_as_spoken(
        self, drive: Drive, room: Any, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        log = await self.log(drive, vendor)
        await room.probe.first_frame(self.traits.identity)  # from here on the probe hears every word
        tone = sound(LENGTH, PITCH, self.traits.speech_rate)
        heard = await Talk(drive, room, log, self.traits.identity).heard(tone)
        check("core.speech.heard", heard.holes, (), f"seconds of each silence inside a tone of {LENGTH} s, as the room heard it")
        near = Between(LENGTH - SLACK, LENGTH + SLACK, "s")
        check("core.speech.heard", heard.seconds, near, "length of the heard tone")
        check("core.speech.heard", heard.pitch_hz, Between(PITCH * 0.97, PITCH * 1.03, "Hz"), "pitch of the heard tone")

    @rule("core.speech.stream")
    async def test_each_utterance_is_a_stream(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        log = await self.log(drive, vendor)
        first, second = sound(0.3), sound(0.2)
        await drive.speak(first)
        await drive.speak(second)
        await logged(log, "stream_closed", 2)
        samples = [entry.data["samples"] for entry in log.of("stream_closed")]
        check("core.speech.stream", samples, [first.samples, second.samples], "samples of each stream, for two utterances")

    @rule("core.playback.finished")
    async def test_user_learns_that_speech_was_played(
        self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        await self.log(drive, vendor)
        await drive.speak(sound(LENGTH))
        event = await drive.event("playback_finished")
        told = event.fields if event else {}
        check("core.playback.finished", bool(told), True, "whether the user was told that playback finished")
        check(
            "core.playback.finished",
            told["interrupted"],
            False,
            "`interrupted` of speech that was played to its end",
        )
        check(
            "core.playback.finished",
            told["position_ms"] / 1000,
            Between(LENGTH - SLACK, LENGTH + SLACK, "s"),
            "the playback position that the user was told",
        )
        check("core.playback.finished", await drive.event("speech_done") is not None, True, "whether say() completed")

    @rule("core.playback.started")
    @needs("playback-started")
    async def test_agent_speaks_while_the_avatar_speaks(
        self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        await self.log(drive, vendor)
        await drive.speak(sound(LENGTH))
        await drive.event("speech_done")
        await drive.event("agent_state", count=2)
        states = [event.fields["state"] for event in drive.events("agent_state")]
        after = states[states.index("speaking") :] if "speaking" in states else states
        check(
            "core.playback.started",
            after[:2],
            ["speaking", "listening"],
            f"the agent's states from its first word on; all of them: {states}",
        )

    @rule("core.playback.tolerates-no-start")
    async def test_avatar_that_reports_no_start(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        vendor.faults.add(faults.NoPlaybackStarted())
        await self.log(drive, vendor)
        await drive.speak(sound(0.3))
        check(
            "core.playback.tolerates-no-start",
            await drive.event("speech_done") is not None,
            True,
            "whether say() completed with an avatar that reports no start",
        )
        if "playback-started" in drive.capabilities:  # the others take the first frame handed over for the start
            states = [event.fields["state"] for event in drive.events("agent_state")]
            check("core.playback.tolerates-no-start", "speaking" in states, False, f"whether the agent spoke unheard: {states}")

    @rule("core.playback.early-finish")
    async def test_early_finish_does_not_break_the_next_speech(
        self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        vendor.faults.add(faults.EarlyFinish(0.1))
        log = await self.log(drive, vendor)
        await drive.speak(sound(LENGTH))
        check(
            "core.playback.early-finish",
            await drive.event("speech_done") is not None,
            True,
            "whether say() completed with an avatar that reports the end too soon",
        )
        again = sound(0.3)
        await drive.speak(again)
        await logged(log, "stream_closed", 2)
        check(
            "core.playback.early-finish",
            [entry.data["samples"] for entry in log.of("stream_closed")][1:],
            [again.samples],
            "samples of the speech after one whose end was reported too soon",
        )
        check(
            "core.playback.early-finish",
            await drive.event("speech_done", count=2) is not None,
            True,
            "whether the next say() completed",
        )

    @rule("core.playback.doubled-finish")
    async def test_doubled_finish_is_one(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        vendor.faults.add(faults.DoubledFinish())
        log = await self.log(drive, vendor)
        await drive.speak(sound(0.2))
        reports = 3 if "playback-started" in drive.capabilities else 2
        await log.wait_for("rpc_answered", limits.PROBE_WAIT, reports)
        await drive.inspect()  # its answer comes after what the plugin told by then
        check(
            "core.playback.doubled-finish",
            len(drive.events("playback_finished")),
            1,
            "times that the user was told of one end, with an avatar that reports it twice",
        )
