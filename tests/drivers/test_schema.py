"""The schema of the protocol is what is spoken, and what docs/driver-protocol.md says."""

import json
import re
import shlex
import sys
from pathlib import Path

import jsonschema
import pytest

from mockvendors import limits
from mockvendors.conformance.drive import _bound
from mockvendors.drivers import schema
from mockvendors.drivers.command import livekit_agents_command
from tests.conformance.running import ROOT, run

DEFS = schema.document()["$defs"]
TEE = Path(__file__).with_name("tee.py")
DOCUMENT = (ROOT / "docs" / "driver-protocol.md").read_text()


def test_it_is_a_schema_of_2020_12():
    assert schema.document()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema.document())


# the documentation


def rows(head):
    """Return the cells of the table with that head, without the last column, by the first."""
    table = DOCUMENT.split(head)[1].split("\n\n")[0].splitlines()[2:]
    cells = [re.split(r"\s*\|\s*", row.strip()[1:-1].strip(" ")) for row in table]
    return {row[0].strip("`"): [fields(cell) for cell in row[1:-1]] for row in cells}


def fields(cell):
    """Return the names in a cell, each with those in its braces."""
    found = re.findall(r"`(\w+)(?:\{([^}]*)\})?[^`]*`", cell)
    return {name: set(re.findall(r"\w+", inner)) for name, inner in found}


def properties(name, without=()):
    """Return the names of a definition's properties, each with those of its own."""
    node = DEFS[name]["properties"]
    return {key: set(value.get("properties", ())) for key, value in node.items() if key not in without}


def test_the_table_of_commands_is_the_schemas():
    table = rows("| cmd | fields | `ok` | does |")
    assert set(table) == set(schema.commands())
    for cmd, (asked, ok) in table.items():
        assert asked == properties(f"{cmd}.request", ("id", "cmd")), cmd
        assert ok == properties(f"{cmd}.ok"), cmd


def test_the_table_of_events_is_the_schemas():
    table = rows("| event | fields | tells |")
    assert set(table) == {name.removesuffix(".event") for name in DEFS if name.endswith(".event")}
    for event, (told,) in table.items():
        assert told == properties(f"{event}.event"), event


def test_the_words_about_errors_are_the_schemas():
    named, kinds = re.search(r"`error` is `\{([^`]*)\}`.*?`kind` is one of (.*?)\. `driver` is", DOCUMENT, re.DOTALL).groups()
    assert set(re.findall(r"\w+", named)) == set(DEFS["error"]["properties"])
    assert set(re.findall(r"\w+", named.replace("bases[]", ""))) - set(re.findall(r"(\w+)\?", named)) == set(
        DEFS["error"]["required"]
    )
    assert set(re.findall(r"`(\w+)`", kinds)) == set(DEFS["error"]["properties"]["kind"]["enum"])


LIMITS = {
    "hello": limits.DRIVER_HELLO,
    "open": limits.DRIVER_OPEN,
    "start": limits.DRIVER_START_MARGIN,
    "ready": limits.DRIVER_START_MARGIN,
    "speak": limits.DRIVER_SPEAK_MARGIN,
    "interrupt": limits.DRIVER_INTERRUPT,
    "close": limits.DRIVER_CLOSE,
    "ping": limits.DRIVER_PING,
    "shutdown": limits.DRIVER_SHUTDOWN,
}
"""In seconds; of some, what is added to what their fields say."""


def test_the_limits_are_those_that_are_kept():
    table = DOCUMENT.split("| command | is to be answered within, in seconds |")[1].split("\n\n")[0].splitlines()[2:]
    told = {row.split("`")[1]: [int(number) for number in re.findall(r"\b\d+\b", row.split("|")[2])] for row in table}
    assert set(told) == set(LIMITS)
    assert {name: seconds for name, seconds in LIMITS.items() if seconds not in told[name]} == {}
    assert told["start"][-1] == _bound(None)
    assert f"gives a `start` {limits.SMOKE_START:g}" in DOCUMENT


# what is spoken


def spoken(folder):
    """Return each message of a run: its name in the schema, what is wrong with it, and its fields that the schema lacks."""
    for requests in folder.glob("*.in"):
        asked = {}
        for request in map(json.loads, requests.read_text().splitlines()):
            asked[request["id"]] = request
            cmd = request["cmd"]
            if cmd in schema.commands():
                yield f"{cmd}.request", schema.request_fault(request), beyond(request, f"{cmd}.request")
        for message in map(json.loads, requests.with_suffix(".out").read_text().splitlines()):
            if "event" in message:
                name = f"{message['event']}.event"
                own = beyond(message, name, "event", "session", "t_ms") if message["event"] != "metrics" else set()
                yield name, schema.event_fault(message), own
            else:
                cmd = asked[message["id"]]["cmd"]
                more = beyond(message["ok"], f"{cmd}.ok") if "ok" in message else set()
                more |= beyond(message.get("error", {}), "error")
                yield f"{cmd}.reply", schema.reply_fault(asked[message["id"]], message), more


def beyond(message, name, *frame):
    known = DEFS[name]["properties"] if name in DEFS else {}
    more = set(message) - set(known) - set(frame)
    for key, value in message.items():
        inner = known.get(key, {}).get("properties")
        if inner and isinstance(value, dict):
            more |= {f"{key}.{each}" for each in set(value) - set(inner)}
    return more


def judged(folder, *arguments, **environment):
    driver = livekit_agents_command("livekit.plugins.anam", ROOT / "suites" / "anam" / "plugin.py")
    named = shlex.join([sys.executable, str(TEE), str(folder), *driver])
    code, output = run(*arguments, f"--implementation=exec:{named}", **environment)
    if code == 6:
        pytest.skip("no LiveKit server here")
    assert code == 0, output
    assert " passed" in output
    return list(spoken(folder))


def held(seen, needed):
    assert [(name, wrong) for name, wrong, _ in seen if wrong is not None] == []
    assert [(name, more) for name, _, more in seen if more] == []
    assert needed <= {name for name, _, _ in seen}


def test_the_ready_drivers_traffic_fits_it(tmp_path):
    cases = (
        "suites/anam/test_close.py::TestClose::test_whole_session_raises_nothing",
        "suites/anam/test_errors.py::TestErrors::test_failed_start_leaves_the_agents_voice_alone",
        "suites/anam/test_join.py::TestJoin::test_wait_returns_when_the_avatar_is_there",
    )
    seen = judged(tmp_path, *cases)
    commands = {name for name in schema.commands() if name != "answer"}
    events = {"job_entered", "playback_finished", "speech_done", "agent_state", "log"}
    held(seen, {f"{c}.{what}" for c in commands for what in ("request", "reply")} | {f"{e}.event" for e in events})


def test_the_ready_drivers_traffic_in_replay_fits_it(tmp_path):
    seen = judged(tmp_path, "suites/anam/test_token.py::TestToken::test_kind", "--vendor-mode=cassette")
    held(seen, {"answer.request", "answer.reply", "request.event"})
