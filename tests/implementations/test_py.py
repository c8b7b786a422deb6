"""`py:`: an object whose methods are named as the commands, served in a process of its own."""

import pytest

from mockvendors.drivers.ends import Unsupported
from mockvendors.drivers.process import DriverProcess
from mockvendors.drivers.smoke import smoke
from mockvendors.drivers.smoke_talk import Program
from mockvendors.errors import HarnessFault, UsageFault
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation
from tests.conformance.running import ROOT, run

OBJECT = """
import asyncio, json, os, sys, urllib.request, urllib.error

class Odd(Exception): pass
class Own(Exception):
    kind, status, body, retryable = "vendor_status", 402, "pay first", False
RAISED = {
    "Odd": Odd("odd"), "Own": Own("402"), "ValueError": ValueError("no"), "OSError": ConnectionResetError("gone"),
    "TimeoutError": TimeoutError(), "RuntimeError": RuntimeError("no key"), "KeyError": KeyError("x"),
    "NotImplementedError": NotImplementedError("later"), "SystemExit": SystemExit(3),
}

class Toy:
    def __init__(self, event):
        self.event, self.vendors = event, {}
    async def hello(self):
        print("words of a library's own")
        return {"implementation": {"name": "toy", "version": "3"}, "capabilities": ["call.one"]}
    async def open(self, session, vendor, connect):
        self.vendors[session] = vendor
        return {"identity": "agent", "connect": connect}
    async def start(self, session, options):
        self.event(session, "agent_state", state="speaking", old=None)
        if options.get("raises"):
            raise RAISED[options["raises"]]
        if options.get("returns"):
            return options["returns"]
        try:
            await asyncio.to_thread(urllib.request.urlopen, self.vendors[session]["base_url"], b"{}")
        except urllib.error.HTTPError as exc:
            raise Own("refused") from exc
    async def speak(self, session, volume): pass
    async def close(self, session, how): pass
    async def shutdown(self):
        print("shut down", file=sys.stderr, flush=True)

def make(event): return Toy(event)
def nothing(event): return object()
def broken(event): raise OSError("no licence")
"""


@pytest.fixture
def toy(tmp_path):
    (tmp_path / "toy_driver.py").write_text(OBJECT)
    return tmp_path / "toy_driver.py"


@pytest.fixture
async def ask(toy):
    driver = await DriverProcess.spawn(launch(f"py:{toy}:make").arguments)

    async def request(cmd, session="s", **fields):
        return await driver.request(cmd, 20, session=session, **fields)

    request.driver = driver
    await request("open", vendor={}, room="r", livekit={}, connect=False)
    yield request
    await driver.stop()
    assert "shut down" in driver.stderr


def launch(text):
    return connect(text).prepare(Preparation(ROOT / "plugin.py"))


async def test_an_object_passes_smoke(toy):
    report = await smoke(Program(launch(f"py:{toy}:make").arguments), {"name": "x"})
    assert [finding for finding in report.findings if finding.passed is not True] == []
    assert str(report.hello) == "toy 3"


async def test_a_method_gets_the_fields_that_it_takes(ask):
    assert (await ask("open", session="t", vendor={}, room="r", livekit={}, connect=True)).ok == {
        "identity": "agent",
        "connect": True,
    }
    assert (await ask("start", options={"returns": {"vendor_session": "v"}}, env=None)).ok == {"vendor_session": "v"}
    assert [event.fields for event in ask.driver.events.of("s")] == [{"state": "speaking", "old": None}]


KINDS = {
    "Odd": "configuration",
    "Own": "vendor_status",
    "ValueError": "invalid_options",
    "OSError": "vendor_connection",
    "TimeoutError": "vendor_timeout",
    "RuntimeError": "configuration",
    "KeyError": "vendor_protocol",
    "NotImplementedError": "vendor_protocol",
    "SystemExit": "vendor_protocol",
}


async def test_what_it_raises_has_its_kind(ask):
    seen = {name: (await ask("start", options={"raises": name})).error for name in KINDS}
    assert {name: error.kind for name, error in seen.items()} == KINDS
    assert (seen["Own"].status, seen["Own"].body, seen["Own"].retryable) == (402, "pay first", False)
    assert seen["OSError"].bases[:2] == ("ConnectionResetError", "ConnectionError")


async def test_what_it_lacks_is_unsupported(ask):
    with pytest.raises(Unsupported, match="the object has no method interrupt"):
        await ask("interrupt")
    with pytest.raises(Unsupported, match="the object has no method __init__"):
        await ask("__init__")


async def test_what_is_no_implementations_fault_is_the_drivers(ask):
    with pytest.raises(HarnessFault, match=r"returned list, and not a dict"):
        await ask("start", options={"returns": ["v"]})
    with pytest.raises(HarnessFault, match=r"wants what the protocol does not have: missing a required argument: 'volume'"):
        await ask("speak", utterance="u", file="f")
    await ask("close", how="avatar")
    await ask("close", how="job")
    with pytest.raises(HarnessFault, match="no open session 's'"):
        await ask("close", how="job")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("py:toy", "py:toy names no object. Write py:MODULE:FACTORY"),
        ("py:no/module:make", "names no object"),
        ("py:./none.py:make", "there is no file ./none.py. Give the path of the object's module"),
    ],
)
def test_what_cannot_be_is_told_at_once(text, told):
    with pytest.raises(UsageFault, match=told):
        connect(text)


def test_it_cannot_replay():
    with pytest.raises(UsageFault, match="cannot replay"):
        connect("py:toy:make").prepare(Preparation(ROOT / "plugin.py", replay=True))


@pytest.mark.parametrize(
    ("object_", "told"),
    [
        ("toy_driver_that_is_nowhere:make", "toy_driver_that_is_nowhere:make cannot be made: No module named"),
        ("{}:absent", "absent cannot be made: module 'toy_driver' has no attribute 'absent'"),
        ("{}:broken", "broken cannot be made: no licence"),
        ("{}:nothing", "nothing has no method hello"),
    ],
)
async def test_what_cannot_be_made_is_the_callers_mistake(toy, object_, told):
    with pytest.raises(UsageFault, match=told):
        await DriverProcess.spawn(launch("py:" + object_.format(toy)).arguments)


def test_it_gets_a_verdict(toy):
    case = "suites/anam/test_configuration.py::TestConfiguration::test_outside_of_a_job"
    code, output = run(case, f"--implementation=py:{toy}:make", MOCKVENDORS_LIVEKIT="none")
    assert code == 5, output
    assert "verdict on toy 3" in output
