"""Reusable cases: the avatar joins the room, late, never, twice, or not for long."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from mockvendors import faults, limits
from mockvendors.conformance.allowed import Holds
from mockvendors.conformance.base import Cases, needs, raised, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.room import logged
from mockvendors.conformance.traits import at
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
    async def test_avatar_that_leaves_early_is_told(
        self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        vendor.faults.add(faults.LeavesEarly())
        await drive.started()
        speech = drive.speaking(sound(0.2))  # waits for the avatar, which will not show its face
        waited = await drive.ready(limits.SPEECH_ARRIVES) if "wait-for-join" in drive.capabilities else None
        done = await drive.event("speech_done", limits.SPEECH_ARRIVES)
        if done is None:
            await drive.close("job")
        await asyncio.wait({speech})
        speech.exception()
        check("core.join.leaves-early", waited is None or bool(waited.error), True, f"whether the plugin's wait fails: {waited}")
        check(
            "core.join.leaves-early", done is not None, True, "whether say() came back from an avatar that left before its video"
        )
        why = "what user code or the log was told of speech that nobody heard"
        check("core.join.leaves-early", errors_of_speech(drive), Holds("an error", bool), why)
        played = [event.fields for event in drive.events("playback_finished") if event.fields["position_ms"]]
        check("core.join.leaves-early", played, [], "what the user was told of the playback of speech that nobody heard")

    @rule("core.join.returns")
    async def test_avatar_that_returns_is_spoken_to(
        self, drive: Drive, room: Any, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        vendor.faults.add(faults.LeavesEarly(returns_after=0.1))
        await drive.started()
        await room.probe.first_frame(self.traits.identity)  # the first visit shows none
        tone = sound(0.2)
        await drive.speak(tone)
        await drive.event("speech_done")
        samples = [entry.data["samples"] for entry in _only(vendor).log.of("stream_closed")]
        why = "samples of each stream that the avatar received, which had left before its video and come back"
        check("core.join.returns", samples, [tone.samples], why)

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
        starts = len(vendor.journal.calls(self.traits.start))
        check("core.start.lost-answer", starts, 2, "starts that the vendor saw, the answer to the first being lost")
        tokens = [at(entry.body, self.traits.token) for entry in vendor.journal.entries]
        asked = {token["jwt"].get("sub") for token in tokens if isinstance(token, dict)}
        why = "identities of the avatars that were asked for: of each LiveKit keeps one"
        check("core.start.lost-answer", asked, {self.traits.identity}, why)
        await room.probe.first_frame(self.traits.identity)
        await one_has_ended(list(vendor.sessions.values()))
        await room.probe.participant(self.traits.identity)
        here = [who for who, seen in room.probe.participants.items() if seen.left_at is None and who != drive.identity]
        check("core.start.lost-answer", here, [self.traits.identity], "avatars in the room, after the answer was lost")


async def one_has_ended(sessions: list[Any]) -> None:  # Sessions of the mock
    """Return once LiveKit has dropped one of two avatars with one identity, or a moment has passed.

    Either may go. Whose join is cut off by the other's is told nothing, and waits for long.
    """
    ends = [asyncio.ensure_future(session.ended(limits.SESSION_END)) for session in sessions]
    await asyncio.wait(ends, timeout=limits.scaled(limits.QUIET_WATCH), return_when=asyncio.FIRST_COMPLETED)
    for end in ends:
        end.cancel()
    await asyncio.gather(*ends, return_exceptions=True)


def errors_of_speech(drive: Drive) -> list[str]:
    """Return what tells a user that speech failed: the framework's word for it, else what stands in the log as an error."""
    told = [str(event.fields["error"]) for event in drive.events("speech_done") if event.fields.get("error")]
    errors = [event.fields["text"] for event in drive.events("log") if event.fields["level"] in {"ERROR", "CRITICAL"}]
    return [*told, *(text.splitlines()[0] for text in errors)]


def _only(vendor: Any) -> Any:  # a Session of the mock
    return next(iter(vendor.sessions.values()))
