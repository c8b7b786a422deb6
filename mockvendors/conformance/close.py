"""Reusable cases: what is left when a session is over."""

import contextlib
from typing import Any

from mockvendors import limits
from mockvendors.conformance.base import Cases, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.room import leaves, logged


class CloseCases(Cases):
    """The room and the vendor's slots are asked, not the plugin."""

    async def session(self, drive: Drive, room: Any, vendor: Any, rule: str = "core.start.succeeds") -> Any:  # of the mock
        """Start, and return the vendor's session once its avatar is seen; a failure breaks `rule`."""
        await drive.started(rule)
        await room.probe.participant(self.traits.identity)
        return list(vendor.sessions.values())[-1]

    @rule("core.close.avatar-removed")
    async def test_close_removes_the_avatar(self, drive: Drive, room: Any, vendor: Any, check: Any) -> None:
        session = await self.session(drive, room, vendor)
        await drive.close("avatar")
        check(
            "core.close.avatar-removed",
            await leaves(room, self.traits.identity),
            True,
            "whether the avatar left the room after the plugin's close, the agent staying",
        )
        await session.ended(limits.SESSION_END)
        check("core.close.slot-freed", session.reason, "removed", "why the vendor's session ended")

    @rule("core.close.no-vendor-call")
    async def test_close_calls_nobody_else(self, drive: Drive, room: Any, vendor: Any, check: Any) -> None:
        session = await self.session(drive, room, vendor)
        before = len(vendor.journal.entries)
        await drive.close()
        await session.ended(limits.SESSION_END)
        check(
            "core.close.no-vendor-call",
            len(vendor.journal.entries) - before,
            0,
            "requests to the vendor during the close",
        )

    @rule("core.close.twice")
    async def test_close_twice(self, drive: Drive, room: Any, vendor: Any) -> None:
        await self.session(drive, room, vendor)
        await drive.close("avatar")
        await drive.close("avatar", "core.close.twice")

    @rule("core.close.job-end")
    async def test_job_end_ends_the_session(self, drive: Drive, room: Any, vendor: Any, check: Any) -> None:
        vendor.set("speaker_left_grace", 0.2)
        session = await self.session(drive, room, vendor)
        await drive.close("job")
        with contextlib.suppress(TimeoutError):  # an assumed rule warns, also where nothing comes
            await session.ended(limits.SESSION_END)
        check("core.close.job-end", session.state, "ended", "the vendor's session after the job's own end")

    @rule("core.close.during-speech")
    async def test_close_in_mid_speech(self, drive: Drive, room: Any, vendor: Any, sound: Any) -> None:
        session = await self.session(drive, room, vendor)
        await drive.speak(sound(2.0))
        await session.log.wait_for("playback_started", limits.PROBE_WAIT)
        await drive.close("avatar", "core.close.during-speech")
        await session.ended(limits.SESSION_END)
        await drive.close("abrupt")  # an agent's own end asks the avatar to be silent, and waits 5 s for one that is gone

    @rule("core.session.no-error")
    async def test_whole_session_raises_nothing(self, drive: Drive, room: Any, vendor: Any, check: Any, sound: Any) -> None:
        session = await self.session(drive, room, vendor)
        outcomes = [await drive.speak(sound(2.0))]
        await session.log.wait_for("playback_started", limits.PROBE_WAIT)
        outcomes += [await drive.interrupt(), await drive.close()]
        check("core.session.no-error", [str(outcome) for outcome in outcomes], ["ok"] * 3, "speech, an interrupt, the end")

    @rule("core.session.second")
    async def test_second_session_in_one_process(self, drive: Drive, room: Any, vendor: Any, check: Any, sound: Any) -> None:
        await self.session(drive, room, vendor)
        await drive.close()
        await room.probe.gone(self.traits.identity)
        again = await self.session(drive, room, vendor, "core.session.second")
        tone = sound(0.2)
        await drive.speak(tone)
        await logged(again.log, "stream_closed")
        check(
            "core.session.second",
            [entry.data["samples"] for entry in again.log.of("stream_closed")],
            [tone.samples],
            "samples that the second session's avatar received",
        )
        check(
            "core.session.second",
            await drive.event("speech_done") is not None,
            True,
            "whether say() completed in the second session",
        )
