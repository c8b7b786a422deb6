"""Reusable cases: the vendor's limits on sessions."""

from typing import Any

from mockvendors import limits
from mockvendors.conformance.base import Cases, raised
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.marks import own
from mockvendors.conformance.room import Room
from mockvendors.faults.http import Status


class ConcurrencyCases(Cases):
    """The mock's settings make the account small; its sessions and the journal are asked."""

    @own(lambda rules: rules.concurrency)
    async def test_limit_is_told_and_slot_comes_back(self, drive: Drive, room: Room, vendor: Any, check: Any) -> None:
        vendor.set("max_concurrent", 1)
        await drive.started()
        await room.probe.first_frame(self.traits.identity)
        first = next(iter(vendor.sessions.values()))
        error = raised(await drive.start())
        limit = self.rule(vendor, self.rules.concurrency)
        check(self.rules.concurrency, error.status, limit.status, f"status of the error of a second start: {error}")
        words = limit.error in f"{error.body} {error.message}"
        check("core.errors.body-kept", words, True, f"whether the vendor's words reach the user: {error.body!r}")
        await drive.close("avatar")
        await first.ended(limits.SESSION_END)
        check("core.close.slot-freed", first.reason, "removed", "why the first session ended, the agent being in the room still")
        third = await drive.start()
        check("core.close.slot-freed", str(third), "ok", "a third start, after the first session was closed")

    @own(lambda rules: rules.hard_limit)
    async def test_hard_limit_is_not_hammered(self, drive: Drive, vendor: Any, check: Any) -> None:
        limit = self.rule(vendor, self.traits.hard_limit)
        vendor.faults.add(Status(limit.status or 0, error=limit.error), operation=self.traits.start)
        await drive.start()
        calls = len(vendor.journal.calls(self.traits.start))
        check(self.rules.hard_limit, calls, 1, f"requests, when each is answered {limit.status} `{limit.error}`")

    @own(lambda rules: rules.session_length)
    async def test_avatar_leaves_at_the_end_of_its_time(self, drive: Drive, room: Room, vendor: Any, check: Any) -> None:
        vendor.set("max_session_seconds", 1)
        await drive.started()
        await room.probe.participant(self.traits.identity)
        await room.probe.gone(self.traits.identity)
        session = next(iter(vendor.sessions.values()))
        await session.ended(limits.SESSION_END)
        check(self.rules.session_length, session.reason, "expired", "why the session ended")
