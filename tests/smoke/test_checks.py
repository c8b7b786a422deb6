"""A driver that does one thing wrong fails the check of that thing."""

import re
import sys
from pathlib import Path

import psutil
import pytest

from mockvendors import limits
from mockvendors.drivers.named import Named
from mockvendors.drivers.smoke import smoke
from mockvendors.drivers.smoke_checks import CHECKS, OPENS
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
    "driver-bug": ("session", "start, which the vendor (smoke's own) refuses: error of kind driver: Refused: oh no"),
    "one-at-a-time": ("ping", "while a start was pending: no answer to ping within 2 s"),
    "lies-of-rooms": ("claims", "claims room but answers open with `connect` true by unsupported: a room"),
    "lies-of-waiting": ("claims", "claims wait-for-join but answers ready by unsupported: ready"),
    "dies-of-rooms": ("claims", "asked for a room that is nowhere: its process ended with exit code 1 before it answered open"),
    "lies-of-limits": ("claims", "claims connection-options but answers start with `connection` by unsupported: limits"),
    "prints": ("stdout", "'opening a session ...'"),
    "text-for-number": ("valid", 'reply to close: ok.closed_ms: "soon" is not of type "number"'),
    "no-identity": ("valid", 'reply to open: ok: "identity" is a required property'),
    "event": ("valid", 'event log: "t_ms" is a required property'),
    "answers-twice": ("once", "ping got 2 replies"),
    "other-id": ("once", "a reply to 108, which nobody asked"),
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
    assert f"{check}: {found[check].told} ({found[check].remedy})" in report.failures
    assert (found[check].remedy == CHECKS[check].remedy) is (wrong != "dies-of-rooms")
    others = {"session"} if wrong in {"other-id", "text-for-number"} else set()
    assert {name for name, finding in found.items() if finding.passed is False} - others == {check}


async def test_what_cannot_be_tried_is_not_passed():
    found, report = await findings("no-session")
    assert [name for name, finding in found.items() if finding.passed is None] == ["session", "claims", "ping"]
    assert found["ping"].told == "not tried, for want of a session without a room: unsupported: a session without a room"
    assert report.passed


@pytest.mark.parametrize(
    ("wrong", "told"),
    [("dies", "I have no licence"), ("nameless", '"name" is a required property'), ("protocol-2", "it speaks protocol 2")],
)
async def test_who_does_not_greet_is_not_tried_further(wrong, told):
    found, report = await findings(wrong)
    assert found["hello"].passed is False
    assert told in found["hello"].told
    assert found["ping"].passed is None
    assert report.hello is None
    silent = wrong == "dies"
    assert report.heading == ("nobody greeted" if silent else "hello was answered, but not as protocol 1 has it")


async def test_a_bug_in_open_is_not_laid_on_an_implementation_that_was_asked_for_nothing():
    found, _ = await findings("bug-in-open")
    assert found["session"].passed is False
    assert found["session"].told == "open: error of kind driver: Refused: oh no"
    assert found["session"].remedy == OPENS


LONGER = "MOCKVENDORS_TIME_SCALE=3 gives it three times as long"
FRAME = {"stdout", "valid", "once"}
"""Checks of all that is said, which one talk that came to no end leaves open."""
LATER = {"session", "claims", "ping", "shutdown"}
SILENT = {
    "dies": (
        "hello",
        "asked for protocol 1: its process ended with exit code 1 before it answered hello, and last said: I have no licence",
        "Start it by hand to see why: ",
        set(CHECKS) - {"hello"},
    ),
    "mute": (
        "hello",
        "asked for protocol 1: no answer to hello within 3 s",
        f"one line that is flushed .* {LONGER}",
        set(CHECKS) - {"hello"},
    ),
    "dies-of-a-second-hello": (
        "hello-once",
        "its process ended with exit code 1 before it answered hello, and last said: once is enough",
        "See why it ends: .* ends no driver",
        {"unknown-command", "unknown-session"} | LATER | FRAME,
    ),
    "dies-in-start": (
        "session",
        "its process ended with exit code 1 before it answered start, and last said: out of luck",
        "See why it ends: .* ends no driver",
        (LATER | FRAME) - {"session"},
    ),
    "hangs-in-start": (
        "session",
        "no answer to start within 2 s, and nobody asked the vendor (smoke's own)",
        f"the `base_url` that `open` gives .* {LONGER}",
        (LATER | FRAME) - {"session"},
    ),
    "start-never-returns": (
        "session",
        "no answer to start within 2 s, and nobody asked the vendor (smoke's own)",
        f"the `base_url` that `open` gives .* {LONGER}",
        {"once"},
    ),
    "leaves-without-a-word": (
        "shutdown",
        "its process ended with exit code 0 before it answered shutdown",
        "Answer, let go of everything, and exit 0",
        {"once"},
    ),
    "start-waits-on": (
        "session",
        "no answer to start within 2 s, though the vendor (smoke's own) had refused it",
        f"Answer start when the plugin's own start returns or raises.* {LONGER}",
        {"once"},
    ),
}


@pytest.mark.parametrize("wrong", SILENT)
async def test_one_silence_is_one_failure_and_what_follows_is_not_tried(wrong, monkeypatch):
    monkeypatch.setattr(limits, "SMOKE_START", 2.0)
    if wrong == "mute":
        monkeypatch.setattr(limits, "DRIVER_HELLO", 3.0)
    check, told, remedy, untried = SILENT[wrong]
    found, report = await findings(wrong)
    assert {name for name, finding in found.items() if finding.passed is False} == {check}
    assert found[check].told == told
    assert re.search(remedy, found[check].remedy)
    assert {name for name, finding in found.items() if finding.passed is None} == untried
    assert all(found[name].told.startswith("not tried") for name in untried)
    assert not report.passed


CANNOT = {
    "exec:./toy": (
        "the driver of exec:./toy cannot load what it drives: there is no plugin toy. The driver itself says so: install",
        "no toy shop either",
    ),
    "agents:toy": ("there is no plugin toy. docs/ci.md says what a plugin offers", "no toy shop either"),
}


@pytest.mark.parametrize("text", CANNOT)
async def test_what_cannot_be_loaded_is_the_callers_mistake(text):
    with pytest.raises(UsageFault) as caught:
        await smoke(Program((sys.executable, str(TOY), "cannot-load")), {"name": "x"}, Named(text, "anam"))
    assert [told for told in CANNOT[text] if told not in str(caught.value)] == []


@pytest.mark.parametrize("wrong", ["import-hangs", "import-dies"])
async def test_an_import_that_hangs_or_ends_the_process_is_no_fault_of_the_driver(wrong, monkeypatch):
    monkeypatch.setattr(limits, "DRIVER_HELLO", 5.0)
    with pytest.raises(UsageFault) as caught:
        await findings(wrong)
    how = {"import-hangs": "its import did not end within 5 s", "import-dies": "its import ends the process with exit code 9"}
    assert f"the plugin toy cannot be imported: {how[wrong]}. Start it by hand to see w" in str(caught.value)
    assert "about to import" in str(caught.value)


async def test_what_cannot_be_started_is_told():
    with pytest.raises(HarnessFault, match="/no/such/program cannot be started"):
        await smoke(Program(("/no/such/program",)), {})


async def test_the_child_that_was_left_is_ended():
    found, _ = await findings("child")
    (left,) = found["children"].told.rpartition(": ")[2].split(", ")
    assert psutil.Process(int(left)).status() == psutil.STATUS_ZOMBIE if psutil.pid_exists(int(left)) else True
