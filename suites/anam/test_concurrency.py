"""The vendor's limits on sessions."""

from mockvendors import limits
from mockvendors.conformance.base import Cases, rule
from mockvendors.faults.http import Status

from .traits import ANAM


class TestConcurrency(Cases):
    traits = ANAM

    @rule("anam.session.concurrency")
    async def test_limit_is_told_and_slot_comes_back(self, drive, room, vendor, check):
        vendor.set("max_concurrent", 1)
        await drive.started()
        await room.probe.first_frame(self.traits.identity)
        first = next(iter(vendor.sessions.values()))
        refused = await drive.start()
        check(
            "anam.session.concurrency",
            refused.error and refused.error.status,
            429,
            f"status of the error of a second start: {refused}",
        )
        check(
            "core.errors.body-kept",
            "Concurrent session limit reached" in str(refused.error.body),
            True,
            f"whether the vendor's words reach the user: {refused.error.body!r}",
        )
        await drive.close("avatar")
        await first.ended(limits.SESSION_END)
        check("core.close.slot-freed", first.reason, "removed", "why the first session ended, the agent being in the room still")
        third = await drive.start()
        check("core.close.slot-freed", str(third), "ok", "a third start, after the first session was closed")

    @rule("anam.session.hard-limit")
    async def test_hard_limit_is_not_hammered(self, drive, vendor, check):
        vendor.faults.add(Status(429, error="Spend cap reached"), operation=self.traits.start)
        await drive.start()
        check(
            "anam.session.hard-limit",
            len(vendor.journal.calls("startSession")),
            1,
            "requests, when each is answered 429 `Spend cap reached`",
        )

    @rule("anam.session.length")
    async def test_avatar_leaves_at_the_end_of_its_time(self, drive, room, vendor, check):
        vendor.set("max_session_seconds", 1)
        await drive.started()
        await room.probe.participant(self.traits.identity)
        await room.probe.gone(self.traits.identity)
        session = next(iter(vendor.sessions.values()))
        await session.ended(limits.SESSION_END)
        check("anam.session.length", session.reason, "expired", "why the session ended")
