"""Reusable cases: the avatar joins the room, late, never, twice, or not for long."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from mockvendors import faults, limits
from mockvendors.conformance.base import Cases, needs, raised, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.room import logged
from mockvendors.faults.http import LostAnswer

SHORT = 0.5


class JoinCases(Cases):
    """What the room sees, and what the plugin's wait says of it."""

    @rule("core.join.wait")
    @needs("wait-for-join")
    async def test_wait_returns_when_the_avatar_is_there(self, drive: Drive, room: Any, check: Any) -> None:
        await drive.started()
        check("core.join.wait", str(await drive.ready()), "ok", "the plugin's own wait, with an avatar that joins at once")
        seen = await room.probe.participant(self.traits.identity)
        check("core.token.kind", seen.kind, "agent", "the avatar's kind, as the room shows it")
        check(
            "core.token.publish-on-behalf",
            seen.attributes.get("lk.publish_on_behalf"),
            drive.identity,
            "the avatar's attribute, as the room shows it",
        )

    @rule("core.join.metric")
    @needs("wait-for-join")
    @pytest.mark.usefixtures("room")  # the avatar joins only a case with a room
    async def test_join_is_measured(self, drive: Drive, check: Any) -> None:
        await drive.started()
        await drive.ready()
        event = await drive.event("metrics")
        check(
            "core.join.metric",
            "avatar_joined_time" in (event.fields if event else {}),
            True,
            "whether the user got a metric of the join",
        )

    @rule("core.join.timeout")
    @needs("wait-for-join")
    @pytest.mark.usefixtures("room")  # the avatar joins only a case with a room
    async def test_wait_ends_when_nobody_comes(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.NeverJoins())
        await drive.started()
        error = raised(await drive.ready(SHORT))
        check(
            "core.join.timeout",
            error.kind,
            "vendor_timeout",
            f"the wait of {SHORT} s for an avatar that never joins: {error}",
        )

    @rule("core.join.video-before-audio")
    @pytest.mark.parametrize("fault", [faults.NeverJoins(), faults.NoVideo()], ids=["no-avatar", "no-video"])
    @pytest.mark.usefixtures("room")  # the avatar joins only a case with a room
    async def test_speech_waits_for_the_avatar(
        self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any], fault: Any
    ) -> None:
        vendor.faults.add(fault)
        await drive.started()
        speech = drive.speaking(sound(0.2))
        done, _ = await asyncio.wait({speech}, timeout=limits.scaled(limits.QUIET_WATCH))
        check(
            "core.join.video-before-audio",
            bool(done),
            False,
            "whether speech was taken although no avatar shows its face in the room",
        )
        await drive.close("job")
        await asyncio.wait({speech})
        speech.exception()

    @rule("core.join.leaves-early")
    @pytest.mark.usefixtures("room")  # the avatar joins only a case with a room
    async def test_avatar_that_leaves_early_is_told(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.LeavesEarly())
        await drive.started()
        error = raised(await drive.ready(3.0))
        check(
            "core.join.leaves-early",
            error.kind != "none",
            True,
            f"whether the user learns that the avatar left before its video: {error}",
        )

    @rule("core.join.late")
    async def test_late_avatar_speaks_all(
        self, drive: Drive, room: Any, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        vendor.faults.add(faults.JoinsLate(SHORT))
        await drive.started()
        tone = sound(0.3)
        await drive.speak(tone)
        await room.probe.participant(self.traits.identity)
        log = _only(vendor).log
        await logged(log, "stream_closed")
        samples = [entry.data["samples"] for entry in log.of("stream_closed")]
        check("core.join.late", samples, [tone.samples], "samples of each stream that a late avatar received")

    @rule("core.start.lost-answer")
    async def test_lost_answer_leaves_one_avatar(self, drive: Drive, room: Any, vendor: Any, check: Any) -> None:
        vendor.faults.add(LostAnswer(), operation=self.traits.start, calls=1)
        await drive.started()
        await room.probe.first_frame(self.traits.identity)
        starts = len(vendor.journal.calls(self.traits.start))
        check("core.start.lost-answer", starts, 2, "starts that the vendor saw, the answer to the first being lost")
        live = [session for session in vendor.sessions.values() if session.state == "live"]
        check("core.start.lost-answer", len(live), 1, "sessions that go on, after the answer to the first start was lost")


def _only(vendor: Any) -> Any:  # a Session of the mock
    return next(iter(vendor.sessions.values()))
