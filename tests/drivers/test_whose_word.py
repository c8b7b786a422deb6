"""Whose word an exception is: the plugin's, the description's, or the driver's own."""

import wave

import pytest

from mockvendors.drivers.command import livekit_agents_command
from mockvendors.drivers.ends import Unsupported
from mockvendors.drivers.messages import DriverError
from mockvendors.drivers.named import Named
from mockvendors.drivers.process import DriverProcess
from mockvendors.errors import HarnessFault, MockvendorsError, UsageFault, VendorFault
from suites.anam.traits import ANAM

PLUGIN = """
from livekit.agents.voice.io import AudioOutput, AudioOutputCapabilities
__version__ = "1"
class Odd(BaseException): pass
ERRORS = {
    "refused": NotImplementedError("not yet"), "bug": ValueError("the plugin's own bug"), "exit": SystemExit(3), "odd": Odd("odd")
}

class Output(AudioOutput):
    def __init__(self, raises):
        self.raises = raises
        super().__init__(label="toy", next_in_chain=None, sample_rate=24000, capabilities=AudioOutputCapabilities(pause=False))
    def does(self, what):
        if what in self.raises:
            raise ERRORS[self.raises[what]]
    def flush(self): super().flush()
    def clear_buffer(self): pass
    async def capture_frame(self, frame): await super().capture_frame(frame)
    def on_attached(self): self.does("attached")
    def on_detached(self): self.does("detached")

class AvatarSession:
    def __init__(self, *, raises):
        self.output = Output(raises)
        self.output.does("make")
    async def start(self, agent_session, room):
        self.output.does("start")
        agent_session.output.audio = self.output
    async def wait_for_join(self, timeout):
        self.output.does("wait_for_join")
    async def aclose(self):
        self.output.does("aclose")
    def configured(self, size):
        return {}[size]

def capable():
    raise RuntimeError("the plugin's own")
"""
HELPER = """
import json
def read(text): return json.loads(text)
def sized(options): return options["size"]
def refuses(): raise NotImplementedError("no sizes")
def judges(plugin): raise ValueError("it lacks wings")
def wings(plugin): return {plugin.Wings}
"""
DESCRIPTION = """
import enum, json, sys
import asides
class Size(enum.Enum):
    SMALL = "small"
WRONG = {
    "enum": lambda plugin: Size("x"),
    "json": lambda plugin: json.loads("no"),
    "helper": lambda plugin: asides.sized({}),
    "helper's json": lambda plugin: asides.read("no"),
    "exit": lambda plugin: sys.exit(3),
    "refuses": lambda plugin: asides.refuses(),
    "method": lambda plugin: plugin.AvatarSession(raises={}).configured("x"),
    "method's lack": lambda plugin: plugin.AvatarSession(raises={}).configure("x"),
}
def capabilities(plugin): return {"start"}
def make(plugin, options, vendor, connection):
    if "undescribed" in options:
        raise NotImplementedError("no option undescribed")
    if "broken" in options:
        return options["no such option"]
    if "lacking" in options:
        return plugin.Avatar()
    if "misspelt" in options:
        return plugin.Avatarsession(raises={})
    if "nothing" in options:
        return None
    if "wrong" in options:
        return WRONG[options["wrong"]](plugin)
    return plugin.AvatarSession(**options)
"""


@pytest.fixture
async def ask(tmp_path):
    """Ask a driver of the toy plugin, in a job whose room is never joined."""
    (tmp_path / "toy.py").write_text(PLUGIN)
    (tmp_path / "description.py").write_text(DESCRIPTION)
    (tmp_path / "asides.py").write_text(HELPER)
    driver = await DriverProcess.spawn(livekit_agents_command(str(tmp_path / "toy.py"), tmp_path / "description.py"))
    livekit = {"url": "ws://127.0.0.1:9", "api_key": "devkey", "api_secret": "a-secret-that-opens-no-room-anywhere"}
    begun = []

    async def request(cmd, session="s", **fields):
        if session not in begun:
            begun.append(session)
            await driver.request("open", 20, session=session, connect=False, vendor={}, room=session, livekit=livekit)
        return await driver.request(cmd, 20, session=session, **fields)

    yield request
    await driver.stop()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 24000, 0, "NONE", ""))
        out.writeframes(bytes(4800))
    return str(path)


WHAT = {
    "refused": "NotImplementedError: not yet",
    "bug": "ValueError: the plugin's own bug",
    "exit": "SystemExit: 3",
    "odd": "Odd: odd",
}


WHERE = ("make", "start", "wait_for_join", "attached", "detached", "aclose")


async def test_what_the_plugin_raises_is_its_own_word(ask, file):
    seen = {(where, what): await session(ask, f"{where}-{what}", {where: what}, file) for where in WHERE for what in WHAT}
    assert {key: told for key, told in seen.items() if WHAT[key[1]] not in told} == {}


async def session(ask, name, raises, file):
    """Go through a whole session, and return what came of each command."""
    outcomes = [str(await ask("start", name, options={"raises": raises}))]
    if outcomes == ["ok"]:
        outcomes.append(str(await ask("ready", name, timeout_ms=1000)))
        outcomes.append(str(await ask("speak", name, utterance="u", file=file)))
        if outcomes[-1] == "ok":
            outcomes.append(str(await ask("interrupt", name)))
        outcomes.append(str(await ask("inspect", name)))
    outcomes.append(str(await ask("close", name, how="graceful")))
    return outcomes


async def test_an_argument_that_the_plugin_does_not_take_is_its_own_word(ask):
    outcome = await ask("start", options={"raises": {}, "colour": "red"})
    assert (outcome.error.kind, outcome.error.cls) == ("invalid_options", "TypeError")
    assert "colour" in outcome.error.message


async def test_a_name_that_the_plugin_lacks_is_its_own_word(ask):
    outcome = await ask("start", options={"lacking": True})
    assert str(outcome) == "AttributeError: module 'toy' has no attribute 'Avatar'"


async def test_the_descriptions_own_word_means_unsupported(ask):
    with pytest.raises(Unsupported, match="no option undescribed"):
        await ask("start", options={"undescribed": True})


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("broken", ":21 failed: KeyError: 'no such option'"),
        ("misspelt", ":25 asks the plugin for 'Avatarsession', which it does not offer (nearest: AvatarSession)"),
        ("nothing", " returns None from make, and not the plugin's session"),
    ],
)
async def test_the_descriptions_own_bug_is_the_suites(ask, tmp_path, option, told):
    with pytest.raises(VendorFault) as caught:
        await ask("start", options={option: True})
    assert str(caught.value).startswith(f"the description {tmp_path / 'description.py'}{told}. Correct it: docs/add-a-vendor.md")
    assert caught.value.whose == "the suite"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("enum", ":7 failed: ValueError: 'x' is not a valid Size"),
        ("json", ":8 failed: JSONDecodeError: "),
        ("helper", ":9 failed: KeyError: 'size'"),
        ("helper's json", ":10 failed: JSONDecodeError: "),
        ("exit", ":11 failed: SystemExit: 3"),
        ("method's lack", ":14 failed: AttributeError: "),
    ],
)
async def test_what_fails_behind_the_description_and_not_in_the_plugin_is_the_suites(ask, tmp_path, wrong, told):
    with pytest.raises(VendorFault) as caught:
        await ask("start", options={"wrong": wrong})
    assert str(caught.value).startswith(f"the description {tmp_path / 'description.py'}{told}")


async def test_what_fails_in_something_that_the_plugin_returned_is_its_own_word(ask):
    assert str(await ask("start", options={"wrong": "method"})) == "KeyError: 'x'"


async def test_a_helpers_word_means_unsupported(ask):
    with pytest.raises(Unsupported, match="no sizes"):
        await ask("start", options={"wrong": "refuses"})


def test_a_name_that_is_much_like_another_is_never_misspelt_by_our_own_description():
    ours = {"file": str(ANAM.description), "told": "it asks for Avatarsession"}
    error = {"kind": "vendor_protocol", "class": "AttributeError", "message": "no Avatarsession", "description": ours}
    assert Named("agents:toy", "anam").description_fault(DriverError.from_message(error)) is None
    fault = Named("agents:toy", "anam").description_fault(DriverError.from_message({**error, "kind": "driver"}))
    assert type(fault) is HarnessFault
    assert str(fault) == "it asks for Avatarsession. It is part of mockvendors: report it"


MAKE = "def make(plugin, options, vendor, connection): pass\n"
OFFERS = "def capabilities(plugin): "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (MAKE, " lacks capabilities(plugin)"),
        (f"{OFFERS}return {{'start'}}\n", " lacks make(plugin, options, vendor, connection)"),
        (f"{OFFERS}return set()\nasync {MAKE}", " has a make that is no plain function"),
        (
            f"{OFFERS}return set()\n{MAKE.replace(', connection', '')}",
            " has a make that cannot be called as make(plugin, ",
        ),
        (f"{OFFERS}return 'start'\n{MAKE}", " returns 'start' from capabilities, and not a set of names"),
        (
            f"{OFFERS}return {{plugin.Avatarsession}}\n{MAKE}",
            ":1 asks the plugin for 'Avatarsession', which it does not offer ",
        ),
        (f"{OFFERS}return {{[][1]}}\n{MAKE}", ":1 failed: IndexError: list index out of range"),
        (f"import json\n{OFFERS}return json.loads('no')\n{MAKE}", ":2 failed: JSONDecodeError: "),
        (f"import asides\n{OFFERS}return asides.read('no')\n{MAKE}", ":2 failed: JSONDecodeError: "),
        (f"import asides\n{OFFERS}return asides.sized({{}})\n{MAKE}", ":2 failed: KeyError: 'size'"),
        (f"{MAKE}def capabilities(plugin:\n", ":2 cannot be loaded: SyntaxError: "),
    ],
    ids=["capabilities", "make", "async", "fields", "text", "misspelt", "raises", "json", "helper's json", "helper", "syntax"],
)
async def test_a_description_that_cannot_be_used_is_the_suites(tmp_path, text, told):
    fault, path = await refusal(tmp_path, text)
    assert isinstance(fault, VendorFault), fault
    assert str(fault).startswith(f"the description {path}{told}")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("raise ValueError('it lacks wings')", "it lacks wings"),
        ("return plugin.Wings", "no attribute 'Wings'"),
        ("import asides; asides.judges(plugin)", "it lacks wings"),
        ("import asides; return asides.wings(plugin)", "no attribute 'Wings'"),
        ("return plugin.capable()", "the plugin's own"),
    ],
)
async def test_what_a_description_says_of_a_plugin_is_the_callers(tmp_path, lines, told):
    fault, path = await refusal(tmp_path, f"{OFFERS}{lines}\n{MAKE}")
    assert isinstance(fault, UsageFault), fault
    assert f"is not a plugin that {path} describes: " in str(fault)
    assert told in str(fault)


async def refusal(tmp_path, description):
    """Return how the driver of the toy plugin is refused with a description, and that one's path."""
    (tmp_path / "toy.py").write_text(PLUGIN)
    (tmp_path / "asides.py").write_text(HELPER)
    path = tmp_path / "describes.py"
    path.write_text(description)
    with pytest.raises(MockvendorsError) as caught:
        await DriverProcess.spawn(livekit_agents_command(str(tmp_path / "toy.py"), path))
    return caught.value, path


async def test_what_the_driver_does_not_know_is_unsupported(ask):
    with pytest.raises(Unsupported, match="no command 'dance'"):
        await ask("dance")
    with pytest.raises(Unsupported, match="no close 'politely'"):
        await ask("close", how="politely")


async def test_the_drivers_own_bug_is_ours(ask):
    await ask("start", options={"raises": {}})
    with pytest.raises(HarnessFault, match="the driver itself failed"):
        await ask("ready", timeout_ms="soon")


@pytest.mark.parametrize("where", ["aclose", "detached"])
async def test_a_session_that_cannot_be_closed_is_over_all_the_same(ask, file, where):
    await session(ask, "s", {where: "bug"}, file)
    with pytest.raises(HarnessFault, match="no open session 's'"):
        await ask("interrupt")


async def test_the_first_error_of_a_close_is_told(ask, file):
    await ask("start", options={"raises": {"aclose": "bug", "detached": "refused"}})
    await ask("speak", utterance="u", file=file)
    assert str(await ask("close", how="graceful")) == WHAT["bug"]
