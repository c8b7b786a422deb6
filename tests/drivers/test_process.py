"""A driver that dies, hangs, writes garbage or answers wrongly: each has its outcome, and nothing is left running."""

import asyncio
import contextlib
import sys
import textwrap
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.drivers.ends import DriverDied, DriverTimeout, Unsupported
from mockvendors.drivers.process import DriverProcess
from mockvendors.errors import DriverFault, HarnessFault, UsageFault

HELLO = """
import json, os, signal, sys, time
def send(**m): print(json.dumps(m), flush=True)
def read(): return json.loads(sys.stdin.readline() or '{"id": 0, "cmd": "end"}')
m = read()
send(id=m["id"], ok={"protocol": 1, "implementation": {"name": "toy", "version": "3"}, "capabilities": ["start"]})
"""


async def spawn(tmp_path, script):
    path = tmp_path / "driver.py"
    path.write_text(HELLO + textwrap.dedent(script))
    return await DriverProcess.spawn([sys.executable, str(path)])


def gone(group):
    """Tell whether no process of the group runs; one that only waits to be reaped does not run."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group, *_ = stat.read_text().rpartition(")")[2].split()
            if int(its_group) == group and state != "Z":
                return False
    return True


async def test_greeting_is_read(tmp_path):
    driver = await spawn(tmp_path, "read()")
    try:
        assert (driver.hello.name, driver.hello.version, driver.hello.capabilities) == ("toy", "3", {"start"})
    finally:
        await driver.stop()
    assert gone(driver.pid)


@pytest.mark.parametrize(
    ("script", "error", "told"),
    [
        (
            "read(); print('last words', file=sys.stderr, flush=True); sys.exit(3)",
            DriverDied,
            "exit code 3; its last words:\nlast words",
        ),
        ("read(); os.kill(os.getpid(), signal.SIGSEGV)", DriverDied, "signal SIGSEGV"),
        ("read(); time.sleep(600)", DriverTimeout, "no answer to start within 0.5 s"),
        (
            "read(); print('hello there', flush=True); read()",
            HarnessFault,
            "a line that is not a message: 'hello there'",
        ),
        ("read(); print('[' * 100000, flush=True); read()", HarnessFault, "a line that is not a message: '[[["),
        ("read(); print('x' * (1 << 21), flush=True); read()", HarnessFault, "a line of more than 1048576 bytes"),
        ("read(); send(ok={}); read()", HarnessFault, "a message without a number and without an event"),
        ("m = read(); send(id=m['id'] + 7, ok={}); read()", HarnessFault, "a reply to request 9, which nobody made"),
        ("m = read(); send(id=1, ok={}); read()", HarnessFault, "a second reply to request 1"),
        ("m = read(); send(id=m['id'], ok={}, error={}); read()", HarnessFault, "it holds ok and error of"),
        ("m = read(); send(id=m['id']); read()", HarnessFault, "it holds none of"),
        (
            "m = read(); send(id=m['id'], ok=[]); read()",
            HarnessFault,
            "reply to start that is none of the protocol's: ok: []",
        ),
        ("m = read(); send(id=m['id'], error='oh'); read()", HarnessFault, 'error: "oh" is not of type "object"'),
        ("m = read(); send(id=m['id'], unsupported='never heard of it'); read()", Unsupported, "never heard"),
        (
            "m = read(); send(id=m['id'], error={'kind': 'driver', 'class': 'E', 'message': 'my bug'}); read()",
            HarnessFault,
            "my bug",
        ),
    ],
    ids=[
        "exit",
        "signal",
        "hang",
        "garbage",
        "too-deep",
        "too-long",
        "no-id",
        "wrong-id",
        "second-reply",
        "ok-and-error",
        "neither",
        "ok-is-no-object",
        "error-is-no-object",
        "unsupported",
        "own-bug",
    ],
)
async def test_each_end_has_its_outcome(tmp_path, script, error, told):
    driver = await spawn(tmp_path, script)
    try:
        with pytest.raises(error) as caught:
            await driver.request("start", 0.5)
        assert told in str(caught.value)
    finally:
        await driver.stop()
    assert gone(driver.pid)


@pytest.mark.parametrize(
    ("ok", "asked", "told"),
    [
        ({}, {"connect": False}, 'ok: "identity" is a required property'),
        ({"identity": None}, {"connect": True}, "the agent was to join a room, and has an identity there"),
        ({"identity": None}, {"connect": False}, None),
        ({"identity": None}, {"job": False}, None),
        ({"identity": "me"}, {"connect": True}, None),
    ],
    ids=["lacks", "null-in-a-room", "null-without-a-room", "null-without-a-job", "text"],
)
async def test_who_opens_a_session_says_who_the_agent_is(tmp_path, ok, asked, told):
    driver = await spawn(tmp_path, f"m = read(); send(id=m['id'], ok={ok}); read()")
    try:
        if told is None:
            assert (await driver.request("open", 20, **asked)).ok == ok
        else:
            with pytest.raises(DriverFault, match=told):
                await driver.request("open", 20, **asked)
    finally:
        await driver.stop()


async def test_second_reply_while_nobody_waits_is_told_to_the_next_who_asks(tmp_path):
    driver = await spawn(
        tmp_path, "m = read(); [send(id=m['id'], ok={}) for _ in '12']; send(event='after', session='s'); read()"
    )
    try:
        await driver.request("interrupt", 20)
        assert await driver.events.until("s", last("after"), 20) is not None
        assert await driver.answers(), "nobody was told yet"
        with pytest.raises(HarnessFault, match="a second reply to request 2"):
            await driver.request("start", 20)
        assert not await driver.answers(), "whatever it says now may belong to anything"
    finally:
        await driver.stop()


async def test_late_reply_to_what_was_given_up_is_nobodys(tmp_path):
    late = "m = read(); n = read(); send(id=m['id'], ok={'late': 1}); send(id=n['id'], ok={});"
    driver = await spawn(tmp_path, late + "m = read(); send(id=m['id'], ok={}); read()")
    try:
        with pytest.raises(DriverTimeout):
            await driver.request("start", 0.05)
        assert await driver.answers()
        assert (await driver.request("interrupt", 20)).ok == {}
    finally:
        await driver.stop()


WHO = "'implementation': {'name': 'toy', 'version': '3'}, 'capabilities': []"


def replies(answer):
    """Return a driver that answers its first request so, and nothing else."""
    return f"""
import json, sys
number = json.loads(sys.stdin.readline())["id"]
print(json.dumps({{"id": number, {answer}}}), flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("", "did not greet: the driver's process ended with exit code 0. Start it by hand to see why: "),
        ("import sys; sys.exit('no such option')", "exit code 1; its last words:\nno such option"),
        (replies(f"'ok': {{'protocol': 2, {WHO}}}"), "speaks protocol 2, and was asked for 1. Take a driver of protocol 1"),
        (replies(f"'ok': {{{WHO}}}"), 'reply to hello that is none of the protocol\'s: ok: "protocol" is a required'),
        (replies("'ok': {'protocol': 1}"), '"implementation" is a required property'),
        (replies("'unsupported': 'hello?'"), "does not know `hello`: hello?"),
        (
            replies("'error': {'kind': 'driver', 'class': 'E', 'message': 'I speak 2'}"),
            "the driver refused to begin: E: I speak 2. It was asked",
        ),
    ],
    ids=["ends", "ends-with-a-word", "other-version", "no-version", "nameless", "unsupported", "refuses"],
)
async def test_a_driver_that_cannot_begin_is_told_in_one_paragraph(tmp_path, script, told):
    path = tmp_path / "driver.py"
    path.write_text(script)
    with pytest.raises(HarnessFault) as caught:
        await DriverProcess.spawn([sys.executable, str(path)])
    assert told in str(caught.value)


IMPORTS = """
import json, os, signal, sys
json.loads(sys.stdin.readline())
print(json.dumps({"event": "importing", "session": "", "t_ms": 1, "what": "my.plugin"}), flush=True)
print("no licence", file=sys.stderr, flush=True)
"""


@pytest.mark.parametrize(
    ("end", "error", "told"),
    [
        (
            "import time; time.sleep(600)",
            UsageFault,
            "the plugin my.plugin cannot be imported: its import did not end within 5 s. Start it by hand to see where",
        ),
        ("os._exit(9)", UsageFault, "the plugin my.plugin cannot be imported: its import ends the process with exit code 9. "),
        ("os.kill(os.getpid(), signal.SIGSEGV)", UsageFault, "its import ends the process with signal SIGSEGV. "),
        ("os.kill(os.getpid(), signal.SIGKILL)", DriverFault, "the driver did not greet: the driver's process ended with signal"),
    ],
    ids=["hangs", "ends", "crashes", "is-killed"],
)
async def test_a_hang_or_death_in_the_import_is_of_what_was_imported_unless_it_was_killed(
    tmp_path, monkeypatch, end, error, told
):
    monkeypatch.setattr(limits, "DRIVER_HELLO", 5.0)
    path = tmp_path / "driver.py"
    path.write_text(IMPORTS + end)
    with pytest.raises(error) as caught:
        await DriverProcess.spawn([sys.executable, str(path)])
    assert told in str(caught.value)
    assert "no licence" in str(caught.value)


async def test_a_hang_before_any_import_is_the_drivers(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "DRIVER_HELLO", 2.0)
    path = tmp_path / "driver.py"
    path.write_text("import time; time.sleep(600)")
    with pytest.raises(DriverFault) as caught:
        await DriverProcess.spawn([sys.executable, str(path)])
    assert "the driver did not greet: no answer to hello within 2 s. hello is the first line on its stdin" in str(caught.value)
    assert "MOCKVENDORS_TIME_SCALE=3 gives it three times as long" in str(caught.value)


async def test_death_answers_everything_that_is_open(tmp_path):
    driver = await spawn(tmp_path, "read(); read(); sys.exit(1)")
    try:
        outcomes = await asyncio.gather(driver.request("a", 20), driver.request("b", 20), return_exceptions=True)
        assert [type(o) for o in outcomes] == [DriverDied, DriverDied]
    finally:
        await driver.stop()


async def test_child_of_a_driver_does_not_outlive_it(tmp_path):
    driver = await spawn(tmp_path, "import subprocess; subprocess.Popen(['sleep', '600']); read()")
    await driver.stop()
    assert gone(driver.pid)


async def test_environment_is_built_from_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("ANAM_API_KEY", "a-real-key")
    driver = await spawn(tmp_path, "m = read(); send(id=m['id'], ok={'seen': os.environ.get('ANAM_API_KEY', '')}); read()")
    try:
        assert (await driver.request("look", 5)).ok == {"seen": ""}
    finally:
        await driver.stop()


async def test_program_that_is_not_there():
    with pytest.raises(HarnessFault, match="cannot be started"):
        await DriverProcess.spawn(["/no/such/program"])


def last(name):
    return lambda events: next((event for event in reversed(events) if event.name == name), None)


async def test_events_are_waited_for(tmp_path):
    driver = await spawn(
        tmp_path, "m = read(); send(event='joined', session='s', t_ms=1, who='me'); send(id=m['id'], ok={}); read()"
    )
    try:
        await driver.request("interrupt", 5)
        event = await driver.events.until("s", last("joined"), 5)
        assert (event.session, event.fields) == ("s", {"who": "me"})
        assert await driver.events.until("s", last("left"), 0.05) is None
    finally:
        await driver.stop()


async def test_events_of_another_session_are_not_read(tmp_path):
    driver = await spawn(
        tmp_path,
        "m = read(); send(event='joined', session='a', t_ms=1); send(event='joined', session='b', t_ms=2);"
        " send(id=m['id'], ok={}); read()",
    )
    try:
        await driver.request("interrupt", 5)
        read = []
        await driver.events.until("b", lambda events: read.extend(events) or True, 5)
        assert [event.session for event in read] == ["b"]
        driver.events.forget("a")
        assert not driver.events.of("a")
        assert driver.events.of("b")
    finally:
        await driver.stop()


async def test_nobody_waits_for_events_of_a_dead_driver(tmp_path):
    driver = await spawn(tmp_path, "read(); sys.exit(0)")
    try:
        waiting = asyncio.ensure_future(driver.events.until("s", last("joined"), 600))
        with pytest.raises(DriverDied):
            await driver.request("interrupt", 20)
        assert await asyncio.wait_for(waiting, 20) is None
    finally:
        await driver.stop()
