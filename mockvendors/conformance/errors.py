"""Reusable cases: what a plugin does with the vendor's refusals and with its bad moments."""

import json
import time
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from mockvendors import limits
from mockvendors.conformance.allowed import Between, Holds
from mockvendors.conformance.base import Cases, live, needs, raised, rule
from mockvendors.conformance.drive import QUICK, Drive
from mockvendors.conformance.retries import REFUSALS, TRANSIENT, tries
from mockvendors.conformance.secrecy import leaks
from mockvendors.drivers.messages import DriverError
from mockvendors.faults.http import Status

TEXT = "the vendor's own words about it"
PASSING = "Busy, come back soon"
"""A cause that passes: a vendor's own 429 may name a hard limit, which is better not asked again."""
TRIES = 3
PAUSE = 0.8
"""Seconds: long enough that what a busy machine adds is small beside it."""
PAUSES = Between(0.9 * PAUSE, 1.45 * PAUSE, "s")
"""Neither less than was asked for nor half as much again; a pause that doubles is twice as long."""
MEASUREMENTS = 3
"""A busy machine lengthens a pause and never shortens it: of several measurements the shortest is the nearest."""


def reads(error: DriverError | None, words: str) -> bool:
    """Tell whether the user finds these words in the error, plain or as the vendor's JSON quotes them."""
    text = f"{error.body} {error.message}" if error else ""
    return words in text or json.dumps(words)[1:-1] in text


class ErrorCases(Cases):
    """Statuses: how often the plugin asks again, and what its user is told."""

    @rule("core.errors.no-retry")
    @pytest.mark.parametrize("status", REFUSALS)
    async def test_refusal_is_not_retried(self, drive: Drive, vendor: Any, check: Any, status: int) -> None:
        vendor.faults.add(Status(status), operation=drive.first)
        await drive.start()
        check("core.errors.no-retry", len(vendor.journal.calls(drive.first)), 1, f"requests, when each is answered {status}")

    @rule("core.errors.retry")
    @needs("connection-options")
    @pytest.mark.parametrize("status", TRANSIENT)
    async def test_transient_status_is_retried(self, drive: Drive, vendor: Any, check: Any, status: int) -> None:
        vendor.faults.add(Status(status, error=PASSING), operation=drive.first)
        await drive.start()
        check(
            "core.errors.retry",
            len(vendor.journal.calls(drive.first)),
            tries(status, int(QUICK["max_retry"])),
            f"requests, when each is answered {status}",
        )

    @rule("core.errors.status-kept")
    @pytest.mark.parametrize("status", [*REFUSALS, *TRANSIENT])
    async def test_status_reaches_the_user(self, drive: Drive, vendor: Any, check: Any, status: int) -> None:
        vendor.faults.add(Status(status), operation=drive.first)
        error = raised(await drive.start())
        check(
            "core.errors.status-kept",
            (error.kind, error.status),
            ("vendor_status", status),
            f"the error of a start that the vendor answered {status}: {error}",
        )

    @rule("core.errors.body-kept")
    @pytest.mark.parametrize("status", [400, 429, 500])
    async def test_vendors_words_reach_the_user(self, drive: Drive, vendor: Any, check: Any, status: int) -> None:
        vendor.faults.add(Status(status, message=TEXT), operation=drive.first)
        error = raised(await drive.start())
        check(
            "core.errors.body-kept",
            reads(error, TEXT),
            True,
            f"whether {TEXT!r} is in the error's body or message: {error.body!r}",
        )

    @rule("core.errors.family")
    @pytest.mark.parametrize("status", [400, 503])
    async def test_error_is_of_the_frameworks_family(self, drive: Drive, vendor: Any, check: Any, status: int) -> None:
        vendor.faults.add(Status(status), operation=drive.first)
        error = raised(await drive.start())
        check(
            "core.errors.family",
            "APIError" in error.bases,
            True,
            f"whether the error is an APIError: {error.cls} of {error.bases}",
        )

    @rule("core.errors.recover")
    async def test_recovers_after_a_bad_moment(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(Status(500), operation=drive.first, calls=1)
        outcome = await drive.start()
        check("core.errors.recover", str(outcome), "ok", "a start answered 500 once, then accepted")
        check("core.errors.recover", len(vendor.journal.calls(drive.first)), 2, "requests, when the second is accepted")
        session = outcome.ok["vendor_session"] if outcome.ok else None
        check("core.errors.recover", session, next(iter(vendor.sessions), None), "the session id that the user sees")

    @rule("core.errors.status-kept")
    @needs("connection-options")
    async def test_last_status_is_told(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(Status(503), operation=drive.first, calls=1)
        vendor.faults.add(Status(500), operation=drive.first, calls=[2])
        error = raised(await drive.start(connection={**QUICK, "max_retry": 1}))
        check("core.errors.status-kept", error.status, 500, f"the error after 503 and then 500: {error}")

    @rule("core.errors.pause")
    @needs("connection-options")
    @live("how often it asks depends on how busy the machine is")
    async def test_pauses_between_tries(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(Status(503, error=PASSING), operation=drive.first)
        measured = [await pauses(drive, vendor)]
        while not _as_asked(measured) and len(measured) < MEASUREMENTS:
            measured.append(await pauses(drive, vendor))
        *between, last = _least(measured)
        each = Holds(f"two, each {PAUSES}", lambda found: len(found) == TRIES - 1 and all(map(PAUSES.holds, found)))
        check("core.errors.pause", between, each, f"seconds between {TRIES} tries, with a retry_interval of {PAUSE} s")
        check("core.errors.pause", last, Between(0, PAUSE / 2, "s"), "seconds from the last try to the error, answered at once")

    @rule("core.errors.max-retry")
    @needs("connection-options")
    @pytest.mark.parametrize("max_retry", [0, 1])
    async def test_number_of_retries_is_the_users(self, drive: Drive, vendor: Any, check: Any, max_retry: int) -> None:
        vendor.faults.add(Status(503), operation=drive.first)
        await drive.start(connection={**QUICK, "max_retry": max_retry})
        check(
            "core.errors.max-retry", len(vendor.journal.calls(drive.first)), max_retry + 1, f"requests with max_retry={max_retry}"
        )

    @rule("core.errors.no-secret")
    @pytest.mark.parametrize("calls", [None, 1], ids=["refused", "recovered"])
    async def test_no_secret_is_told(self, drive: Drive, vendor: Any, check: Any, calls: int | None) -> None:
        vendor.faults.add(Status(503, error=PASSING), operation=drive.first, calls=calls)
        error = raised(await drive.start(connection={**QUICK, "max_retry": 1}))
        secrets = {"the vendor's key": vendor.api_key, "LiveKit's secret": drive.place.api_secret}
        check("core.errors.no-secret", leaks([("the error", repr(error))], secrets, drive.identity), [], "secrets in the error")
        told = [(f"the log of {e.fields['logger']}", str(e.fields["text"])) for e in drive.events("log")]
        told += [("the output", line) for line in drive.driver.stderr]
        check("core.errors.no-secret", leaks(told, secrets, drive.identity), [], "secrets in what the plugin logs and prints")

    @rule("core.start.clean-failure")
    async def test_failed_start_leaves_the_agents_voice_alone(self, drive: Drive, vendor: Any, check: Any) -> None:
        vendor.faults.add(Status(400), operation=drive.first)
        await drive.start()
        seen = await drive.inspect()
        check(
            "core.start.clean-failure",
            seen.get("audio_output"),
            None,
            "the agent's audio output after a start that failed",
        )
        check(
            "core.start.clean-failure",
            len(vendor.sessions),
            0,
            "sessions that the vendor holds after a start that failed",
        )

    @rule("core.start.clean-failure")
    async def test_failed_start_leaves_no_listener(self, drive: Drive, vendor: Any, check: Any) -> None:
        found = await left_behind(drive, vendor)
        check("core.start.clean-failure", found, [], "listeners and tasks that a start that failed left in the agent's process")

    @rule("core.start.clean-failure")
    @pytest.mark.usefixtures("room")  # a plugin waits for the avatar's join only in a room that is open
    async def test_failed_start_leaves_no_task(self, drive: Drive, vendor: Any, check: Any) -> None:
        found = await left_behind(drive, vendor)
        check("core.start.clean-failure", found, [], "listeners and tasks that a start that failed left in an agent in its room")


async def left_behind(drive: Drive, vendor: Any) -> list[str]:
    """Fail a start, and return what it left in the agent's process: tasks that come to their end in a moment are none of it."""
    vendor.faults.add(Status(400), operation=drive.first)
    before = held(await drive.inspect())
    await drive.start()
    left = held(await drive.inspect(limits.QUIET_WATCH)) - before
    return sorted(what if count == 1 else f"{what} ({count} times)" for what, count in left.items())


def held(seen: Mapping[str, Any]) -> Counter[str]:
    """Return how many there are of each listener and task, in words."""
    found = Counter(f"task {name}" for name in seen.get("tasks", ()))
    for whose in ("room", "agent"):
        for event, count in seen.get(f"{whose}_listeners", {}).items():
            found[f"listener of the {whose} for {event}"] = count
    return found


async def pauses(drive: Drive, vendor: Any) -> list[float]:
    """Return the seconds between the tries of a start that the vendor never accepts, and those from the last to its error."""
    before = len(vendor.journal.calls(drive.first))
    await drive.start(connection={**QUICK, "retry_interval": PAUSE, "max_retry": TRIES - 1})
    ended = time.monotonic() - vendor.journal.began
    times = [entry.at for entry in vendor.journal.calls(drive.first)[before:]]
    return [later - earlier for earlier, later in pairwise([*times, ended])]


def _least(measured: list[list[float]]) -> list[float]:
    """Return the shortest of each pause; measurements of another number of tries are none of the same."""
    alike = [found for found in measured if len(found) == len(measured[0])]
    return [round(min(column), 3) for column in zip(*alike, strict=True)] or [0.0]


def _as_asked(measured: list[list[float]]) -> bool:
    *between, last = _least(measured)
    return all(map(PAUSES.holds, between)) and last < PAUSE / 2
