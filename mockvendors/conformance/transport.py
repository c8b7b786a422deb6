"""Reusable cases: connections that fail, answers that are none, and a vendor that says nothing."""

import socket
import time
from typing import Any

import pytest

from mockvendors import faults, limits
from mockvendors.conformance.allowed import Holds
from mockvendors.conformance.base import Cases, needs, raised, rule
from mockvendors.conformance.drive import QUICK, Drive
from mockvendors.conformance.verdict import TimedOut

SLOW = 0.3
PAUSE = 0.1
TRIES = int(QUICK["max_retry"]) + 1
ONE_SUCCESS = Holds("one success", lambda given: len(given) == 1 and given[0] in range(200, 300))


class TransportCases(Cases):
    """A plugin's user is told of a broken exchange by the framework's own errors, and is never left waiting."""

    @rule("core.transport.refused")
    @needs("connection-options")
    async def test_connection_refused(self, drive: Drive, check: Any) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
            drive.vendor = {**drive.vendor, "base_url": f"http://127.0.0.1:{held.getsockname()[1]}"}
            await drive.open()
            begin = time.monotonic()
            error = raised(await drive.start(connection={**QUICK, "retry_interval": PAUSE}))
            took = time.monotonic() - begin
        check(
            "core.transport.refused",
            error.kind,
            "vendor_connection",
            f"the error when nobody listens at the vendor's address: {error}",
        )
        # Nobody sees a refused connection; the pause before the next try is what tells of one.
        check(
            "core.transport.refused", took > PAUSE, True, f"whether it was tried again after {PAUSE} s: start took {took:.2f} s"
        )

    @rule("core.transport.reset")
    @needs("connection-options")
    async def test_connection_reset(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.ResetBefore(), operation=drive.first)
        error = raised(await drive.start())
        check("core.transport.reset", error.kind, "vendor_connection", f"the error when each connection is reset: {error}")
        check("core.transport.reset", len(vendor.journal.calls(drive.first)), TRIES, "requests, when each connection is reset")

    @rule("core.transport.reset")
    async def test_recovers_after_a_reset(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.ResetBefore(), operation=drive.first, calls=1)
        outcome = await drive.start()
        check("core.transport.reset", str(outcome), "ok", "a start whose first connection was reset")

    @rule("core.transport.content-type")
    @pytest.mark.parametrize("fault", [faults.WrongContentType(), faults.NoContent()], ids=["wrong", "none"])
    async def test_wrong_content_type(self, drive: Drive, vendor: Any, check: Any, fault: Any) -> None:
        vendor.faults.add(fault, operation=drive.first)
        error = raised(await drive.start())
        check(
            "core.transport.content-type",
            error.kind,
            "vendor_connection",
            f"the error when a 200 carries no JSON: {error}",
        )

    @rule("core.transport.malformed")
    @pytest.mark.parametrize(
        "fault",
        [faults.InvalidJson(), faults.EmptyBody(), faults.JsonNull(), faults.JsonArray()],
        ids=["broken", "empty", "null", "array"],
    )
    async def test_malformed_answer(self, drive: Drive, vendor: Any, check: Any, fault: Any) -> None:
        vendor.faults.add(fault, operation=drive.first)
        error = raised(await drive.start())
        check(
            "core.transport.malformed",
            "APIError" in error.bases,
            True,
            f"whether a malformed 200 raises an APIError: {error}",
        )

    @rule("core.transport.cut")
    async def test_cut_answer(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.CutBody(), operation=drive.first)
        error = raised(await drive.start())
        check("core.transport.cut", error.kind, "vendor_connection", f"the error when the answer's body is cut: {error}")

    @rule("core.transport.empty-object")
    async def test_answer_without_fields(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.JsonEmptyObject(), operation=self.traits.start)
        outcome = await drive.start()
        check(
            "core.transport.empty-object",
            (str(outcome), (outcome.ok or {}).get("vendor_session")),
            ("ok", None),
            "a start answered 200 {}, and the session id the user sees",
        )

    @rule("core.start.answered")
    async def test_start_waits_for_the_answer(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.Delay(SLOW), operation=self.traits.start)
        await drive.started("core.start.answered")
        answered = [entry.status for entry in vendor.journal.calls(self.traits.start)]
        check(
            "core.start.answered",
            answered,
            ONE_SUCCESS,
            f"answers that the vendor, {SLOW} s slow, had given when start() returned",
        )

    @rule("core.start.bounded")
    @needs("connection-options")
    async def test_silent_vendor_does_not_block_for_ever(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(faults.Stall(), operation=drive.first)
        try:
            told = str(await drive.start(connection={**QUICK, "max_retry": 1, "timeout": 0.2}, within=limits.STALL_WATCH))
        except TimedOut:
            told = "still waiting"
        check(
            "core.start.bounded",
            told != "still waiting",
            True,
            f"whether start() came back in {limits.STALL_WATCH:g} s from a vendor that accepts and stays silent, with a time-out "
            f"of 0.2 s and one retry: {told}",
        )
