"""A driver that does one thing wrong fails the check of that thing."""

import sys
from pathlib import Path

import psutil
import pytest

from mockvendors.drivers.smoke import smoke
from mockvendors.drivers.smoke_checks import CHECKS
from mockvendors.drivers.smoke_talk import Program
from mockvendors.errors import HarnessFault, UsageFault

TOY = Path(__file__).with_name("toy.py")


async def findings(wrong):
    report = await smoke(Program((sys.executable, str(TOY), wrong)), {"name": "x"})
    return {finding.check: finding for finding in report.findings}, report


async def test_a_good_driver_passes_every_check():
    found, report = await findings("")
    assert {check: finding.passed for check, finding in found.items()} == dict.fromkeys(CHECKS, True)
    assert report.passed
    assert str(report.hello) == "toy 3"


WRONG = {
    "hello-twice": ("hello-once", "ok {'protocol': 1"),
    "unknown-is-error": ("unknown-command", "never heard of it"),
    "any-session": ("unknown-session", "ok {'closed_ms': 1}"),
    "driver-bug": ("session", "start, which the vendor refuses: error of kind driver: Refused: oh no"),
    "one-at-a-time": ("ping", "while a start was pending: no answer"),
    "lies-of-rooms": ("claims", "claims room but answers open with `connect` true by unsupported: a room"),
    "lies-of-waiting": ("claims", "claims wait-for-join but answers ready by unsupported: ready"),
    "lies-of-limits": ("claims", "claims connection-options but answers start with `connection` by unsupported: limits"),
    "prints": ("stdout", "'opening a session ...'"),
    "text-for-number": ("valid", 'reply to close: ok.closed_ms: "soon" is not of type "number"'),
    "event": ("valid", 'event log: "t_ms" is a required property'),
    "answers-twice": ("once", "ping got 2 replies"),
    "other-id": ("once", "close got no replies; a reply to 108, which nobody asked"),
    "any-protocol": ("other-protocol", "asked for protocol 99: ok {"),
    "hangs-at-shutdown": ("shutdown", "no end within "),
    "exit-3": ("shutdown", "ended with 3"),
    "outlives": ("end-of-stdin", "no end within "),
    "child": ("children", "still running after its end: "),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_wrong_fails_its_check(wrong):
    check, told = WRONG[wrong]
    found, report = await findings(wrong)
    assert found[check].passed is False
    assert told in found[check].told
    assert f"{check}: {found[check].told} ({CHECKS[check].remedy})" in report.failures
    others = {"session"} if wrong in {"other-id", "text-for-number"} else set()
    assert {name for name, finding in found.items() if finding.passed is False} - others == {check}


async def test_what_cannot_be_tried_is_not_passed():
    found, report = await findings("no-session")
    assert [name for name, finding in found.items() if finding.passed is None] == ["session", "claims", "ping"]
    assert found["ping"].told == "not tried, for want of a session without a room: unsupported: a session without a room"
    assert report.passed


@pytest.mark.parametrize(
    ("wrong", "told"), [("dies", "I have no licence"), ("nameless", "ok {"), ("protocol-2", "it speaks protocol 2")]
)
async def test_who_does_not_greet_is_not_tried_further(wrong, told):
    found, report = await findings(wrong)
    assert found["hello"].passed is False
    assert told in found["hello"].told
    assert found["ping"].passed is None
    assert report.hello is None


async def test_what_cannot_be_loaded_is_the_callers_mistake():
    with pytest.raises(UsageFault, match="there is no plugin toy"):
        await findings("cannot-load")


async def test_what_cannot_be_started_is_told():
    with pytest.raises(HarnessFault, match="/no/such/program cannot be started"):
        await smoke(Program(("/no/such/program",)), {})


async def test_the_child_that_was_left_is_ended():
    found, _ = await findings("child")
    (left,) = found["children"].told.rpartition(": ")[2].split(", ")
    assert psutil.Process(int(left)).status() == psutil.STATUS_ZOMBIE if psutil.pid_exists(int(left)) else True
