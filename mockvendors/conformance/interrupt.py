"""Reusable cases: an interrupted avatar falls silent, says so, and speaks again."""

from collections.abc import Callable
from typing import Any

import pytest

from mockvendors import faults, limits
from mockvendors.conformance.allowed import Between
from mockvendors.conformance.base import Cases, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.room import logged

LONG = 4.0


@pytest.mark.usefixtures("room")  # the avatar joins only a case with a room
class InterruptCases(Cases):
    """The avatar's log tells what reached it, the driver what its user was told."""

    async def speaking(self, drive: Drive, vendor: Any, sound: Callable[..., Any], seconds: float = LONG) -> Any:  # an AvatarLog
        """Start, speak a long tone, and return the avatar's log once it is heard."""
        await drive.started()
        session = list(vendor.sessions.values())[-1]
        await session.joined(limits.PROBE_WAIT)
        log = session.log
        await drive.speak(sound(seconds))
        await log.wait_for("playback_started", limits.PROBE_WAIT)
        return log

    @rule("core.interrupt.clear-buffer")
    async def test_interrupt_reaches_the_avatar_once(
        self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]
    ) -> None:
        log = await self.speaking(drive, vendor, sound)
        await drive.interrupt()
        done = await drive.event("speech_done")
        await logged(log, "clear_buffer", 2, limits.QUIET_WATCH)
        check(
            "core.interrupt.clear-buffer",
            [e.data["caller"] for e in log.of("clear_buffer")],
            [drive.identity],
            "callers of lk.clear_buffer after one interrupt",
        )
        check(
            "core.interrupt.finished",
            done is not None and done.fields["interrupted"],
            True,
            "whether say() ended as interrupted",
        )

    @rule("core.interrupt.finished")
    async def test_user_learns_where_it_stopped(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        log = await self.speaking(drive, vendor, sound)
        await drive.interrupt()
        event = await drive.event("playback_finished")
        finished = await log.wait_for("playback_finished", limits.PROBE_WAIT)
        position = event.fields["position_ms"] / 1000 if event else None
        check(
            "core.interrupt.finished",
            position,
            Between(finished.data["position"] - 0.01, finished.data["position"] + 0.01, "s"),
            "the position that the user was told, against the avatar's own",
        )
        check(
            "core.interrupt.finished",
            event is not None and event.fields["interrupted"],
            True,
            "`interrupted` of an interrupted playback",
        )

    @rule("core.interrupt.next-segment")
    async def test_next_speech_is_whole(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        log = await self.speaking(drive, vendor, sound)
        await drive.interrupt()
        await drive.event("speech_done")
        again = sound(0.3, 660.0)
        await drive.speak(again)
        await drive.event("speech_done", count=2)
        closed = log.of("stream_closed")[1:]
        samples = [entry.data["samples"] for entry in closed]
        check("core.interrupt.next-segment", samples, [again.samples], "samples of the speech after an interrupt")
        if closed[0].data["rate"] == again.rate:
            sums = [entry.data["crc32"] for entry in closed]
            check(
                "core.interrupt.next-segment", sums, [again.crc32], "checksum (crc32) of those samples, against those handed over"
            )
        finished = [e.data["interrupted"] for e in log.of("playback_finished")]
        check("core.interrupt.next-segment", finished, [True, False], "`interrupted` of both playbacks")

    @rule("core.interrupt.fallback")
    async def test_silent_avatar_does_not_block(self, drive: Drive, vendor: Any, check: Any, sound: Callable[..., Any]) -> None:
        vendor.faults.add(faults.NoPlaybackFinished())
        log = await self.speaking(drive, vendor, sound, 0.2)
        await log.wait_for("playback_finished", limits.PROBE_WAIT)
        early = await drive.event("speech_done", limits.QUIET_WATCH)
        check("core.playback.no-finish", early is None, True, "whether say() waits for the avatar's word that it has played all")
        await drive.interrupt()
        done = await drive.event("speech_done", limits.INTERRUPT_FALLBACK)
        check(
            "core.interrupt.fallback",
            done is not None,
            True,
            f"whether say() came back within {limits.INTERRUPT_FALLBACK:g} s from an avatar that reports nothing",
        )
