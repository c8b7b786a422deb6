"""The one loop of the drivers in Python: a line that is no request is answered, and ends nothing."""

import json
import subprocess

import pytest

from mockvendors import limits
from mockvendors.drivers.command import livekit_agents_command
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation
from tests.conformance.running import ROOT

LIMIT = 60.0
DESCRIPTION = ROOT / "suites" / "anam" / "plugin.py"
OBJECT = "class Toy:\n    async def hello(self): ...\ndef make(event): return Toy()\n"
NONE = "a line that is not a JSON object"
LINES = {
    "words": ("nonsense", NONE),
    "a-list": ("[1]", NONE),
    "a-number": ("7", NONE),
    "too-deep": ("[" * 100_000, NONE),
    "too-long": ("x" * (1 << 21), "a line of more than 1048576 bytes"),
}


@pytest.fixture(params=["agents", "py"])
def command(request, tmp_path):
    """Return what starts each of them; what it would drive is never loaded."""
    if request.param == "agents":
        return livekit_agents_command("livekit.plugins.anam", DESCRIPTION)
    (tmp_path / "toy.py").write_text(OBJECT)
    return list(connect(f"py:{tmp_path / 'toy.py'}:make").prepare(Preparation(DESCRIPTION)).arguments)


def said(command, *lines):
    """Return what a driver says to these lines, after whose last its stdin ends; it ends by itself then."""
    done = subprocess.run(
        command, input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=limits.scaled(LIMIT), check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_that_is_no_request_is_answered_and_ends_nothing(command):
    *broken, last = said(command, *(line for line, _ in LINES.values()), '{"id": 1, "cmd": "ping"}')
    assert last == {"id": 1, "ok": {}}
    assert {each["id"] for each in broken} == {None}
    told = [each["error"]["message"] for each in broken]
    assert told[:4] == [NONE] * 4
    assert LINES["too-long"][1] in told[4:]
    assert {each["error"]["kind"] for each in broken} == {"driver"}


def test_a_command_before_hello_and_a_greeting_in_another_protocol_are_refused(command):
    start, hello = said(command, '{"id": 1, "cmd": "start", "session": "s"}', '{"id": 2, "cmd": "hello", "protocol": [99]}')
    assert start["error"]["message"] == "hello comes first"
    assert hello["error"]["message"] == "this driver speaks protocol 1 only"
