"""A plugin whose import throws, ends the process or never comes back cannot be imported; no driver is blamed."""

import asyncio
import json
import shutil
import sys

import pytest

from mockvendors import limits
from mockvendors.drivers.command import livekit_agents_command, node_command
from mockvendors.drivers.messages import Loading
from mockvendors.drivers.named import Named
from mockvendors.drivers.process import DriverProcess
from mockvendors.drivers.smoke import smoke
from mockvendors.drivers.smoke_talk import Program
from mockvendors.errors import HarnessFault, MockvendorsError, UsageFault, VendorFault
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation
from tests.conformance.running import ROOT

DESCRIPTION = ROOT / "suites" / "anam" / "plugin.py"
STANDINS = ("@livekit/agents", "@livekit/rtc-node", "livekit-server-sdk")
"""What a plugin's import has beside it: here packages that are empty, so that nothing is asked of npm."""


@pytest.fixture
def node(tmp_path):
    """Return what makes the command of a Node plugin with that text, in a folder of packages of its own."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("not installed: node")

    def made(text):
        for name in (*STANDINS, "toy-avatar"):
            folder = tmp_path / "node_modules" / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text(
                json.dumps({"name": name, "version": "1.0.0", "type": "module", "main": "index.js"})
            )
            (folder / "index.js").write_text(text if name == "toy-avatar" else "")
        (tmp_path / "plugin.mjs").write_text("export const capabilities = () => [], make = () => ({});")
        return node_command(program, tmp_path, "toy-avatar", tmp_path / "plugin.mjs")

    return made


LAST = "process.stderr.write('no licence\\n');"
CRASHES = {
    "exit": (f"{LAST} process.exit(3);", "its import ends the process with exit code 3. Start it by hand to see why: "),
    "exit-0": (f"{LAST} process.exit(0);", "its import ends the process with exit code 0. "),
    "signal": (f"{LAST} process.kill(process.pid, 'SIGSEGV'); for (;;);", "its import ends the process with signal SIGSEGV. "),
    "throws": ("throw new Error('no licence');", "cannot be imported: no licence. docs/ci.md says what a plugin offers"),
    "throws-later": (
        "setTimeout(() => { throw new Error('no licence'); }); await new Promise(() => {});",
        "its import ends the process with exit code 1. ",
    ),
}


@pytest.mark.parametrize("how", CRASHES)
async def test_a_node_plugin_that_ends_its_process_at_import_cannot_be_imported(node, how):
    text, told = CRASHES[how]
    command = node(text)
    for judge in (lambda: DriverProcess.spawn(command), lambda: smoke(Program(command), {})):
        with pytest.raises(UsageFault) as caught:
            await judge()
        assert "the plugin toy-avatar cannot be imported: " in str(caught.value)
        assert told in str(caught.value)
        assert "no licence" in str(caught.value)


async def test_the_same_packages_without_a_crash_are_imported(node):
    """That it is the crash which the cases above tell of."""
    with pytest.raises(UsageFault, match="cannot be imported") as caught:
        await DriverProcess.spawn(node("throw new Error('first');"))
    assert "first" in str(caught.value)
    driver = None
    try:
        with pytest.raises(Exception, match="initializeLogger") as caught:  # of the framework, which is empty here
            driver = await DriverProcess.spawn(node("export const AvatarSession = class {};"))
        assert not isinstance(caught.value, UsageFault)
    finally:
        if driver is not None:
            await driver.stop()


async def test_an_import_that_hangs_is_the_plugins(node, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "DRIVER_HELLO", 6.0)  # each has said by then what it imports
    hangs = tmp_path / "hangs.py"
    hangs.write_text("import sys, time\nprint('asks for a licence', file=sys.stderr, flush=True)\ntime.sleep(600)\n")
    commands = {
        str(hangs): livekit_agents_command(str(hangs), DESCRIPTION),
        f"{hangs}:make": py(f"{hangs}:make"),
        "toy-avatar": node("process.stderr.write('asks for a licence\\n'); for (;;);"),
    }
    told = await asyncio.gather(*(refused(command) for command in commands.values()))
    for what, text in zip(commands, told, strict=True):
        assert f"the plugin {what} cannot be imported: its import did not end within 6 s. Start it by hand to see wh" in text
        assert "MOCKVENDORS_TIME_SCALE=3 gives it three times as long" in text
        assert "asks for a licence" in text


HANG = "import time; time.sleep(600)"
PLUGIN = "class AvatarSession: pass\n"


async def test_each_step_before_the_greeting_is_told_as_itself(node, tmp_path, monkeypatch):
    """What hangs behind the import is not the import; the description is the suite's, and so is its fault."""
    monkeypatch.setattr(limits, "DRIVER_HELLO", 6.0)
    python, made, says = (tmp_path / name for name in ("toy.py", "made.py", "says.py"))
    python.write_text(PLUGIN)
    made.write_text(f"def make(event): {HANG}\n")
    says.write_text(f"class Made:\n    async def hello(self): {HANG}\ndef make(event): return Made()\n")
    describes, asks = tmp_path / "describes.py", tmp_path / "asks.py"
    describes.write_text(HANG)
    asks.write_text(f"def capabilities(plugin): {HANG}\ndef make(plugin, options, vendor, connection): pass\n")
    in_node = node("export const AvatarSession = class {};")  # its description is made beside it
    (tmp_path / "plugin.mjs").write_text("for (;;);")
    told = {
        f"the object {made}:make cannot be made: its factory did": (UsageFault, py(f"{made}:make")),
        f"the object {says}:make does not say who it is: its hello() did": (UsageFault, py(f"{says}:make")),
        f"the description {describes} cannot be loaded: its import did": (
            VendorFault,
            livekit_agents_command(str(python), describes),
        ),
        f"the description {asks} does not say what the plugin offers: its capabilities() did": (
            VendorFault,
            livekit_agents_command(str(python), asks),
        ),
        f"the description {tmp_path / 'plugin.mjs'} cannot be loaded: its import did": (VendorFault, in_node),
    }
    faults = await asyncio.gather(*(refusal(command) for _, command in told.values()))
    for (text, (kind, _)), fault in zip(told.items(), faults, strict=True):
        assert type(fault) is kind, fault
        assert str(fault).startswith(f"{text} not end within 6 s. Start it by hand to see where it stays: "), fault


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("agents:checkout", "write agents:./checkout"),
        ("agents:checkout#acme.face", "write agents:./checkout#acme.face"),
        ("agents:./checkout", None),
        ("agents:another", None),
        ("exec:checkout", None),
    ],
)
def test_a_checkout_that_is_read_as_a_module_is_told_how_it_is_written(tmp_path, monkeypatch, text, told):
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    fault = str(Named(text, "anam").not_loaded("the plugin checkout cannot be imported: No module named 'checkout'"))
    assert fault.endswith(f"a checkout is here under that name: {told}") if told else "./checkout" not in fault


@pytest.mark.parametrize(
    "told", ["cannot be imported: it imports httpx, which its environment lacks", "is not a plugin: no wings"]
)
def test_a_module_that_is_found_and_refused_is_not_looked_for(tmp_path, monkeypatch, told):
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    fault = str(Named("agents:checkout", "anam").not_loaded(f"the plugin checkout {told}", ["the reason"]))
    assert fault.endswith("the last of its stderr:\n  the reason")
    assert "looked for" not in fault


async def test_a_description_whose_capabilities_end_the_process_is_the_suites(tmp_path):
    python, asks = tmp_path / "toy.py", tmp_path / "asks.py"
    python.write_text(PLUGIN)
    asks.write_text("import os\ndef capabilities(plugin): os._exit(9)\ndef make(plugin, options, vendor, connection): pass\n")
    fault = await refusal(livekit_agents_command(str(python), asks))
    assert type(fault) is VendorFault, fault
    assert "does not say what the plugin offers: its capabilities() ends the process with exit code 9. " in str(fault)


def test_a_plugin_that_hangs_where_our_description_looks_at_it_is_the_callers():
    fault = Named("agents:toy", "anam").hanging(Loading(str(DESCRIPTION), "capabilities"), 6, "true")
    assert type(fault) is UsageFault
    assert "does not say what the plugin offers: its capabilities() did not end within 6 s" in str(fault)


def test_a_description_of_ours_is_reported_to_us():
    ours = Named("agents:toy", "anam").hanging(Loading(str(DESCRIPTION), "description"), 6, "true")
    assert type(ours) is HarnessFault
    assert (
        f"the description {DESCRIPTION} cannot be loaded: its import did not end within 6 s. It is part of mockvendors: report it"
        in (str(ours))
    )


async def test_smoke_tells_the_step_that_hangs(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "DRIVER_HELLO", 6.0)
    says = tmp_path / "says.py"
    says.write_text("import os\nclass Made:\n    async def hello(self): os._exit(9)\ndef make(event): return Made()\n")
    with pytest.raises(UsageFault) as caught:
        await smoke(Program(py(f"{says}:make")), {})
    assert f"the object {says}:make does not say who it is: its hello() ends the process with exit code 9. " in str(caught.value)


@pytest.mark.parametrize("language", ["python", "node"])
async def test_a_description_that_throws_is_no_plugins(node, tmp_path, language):
    python, describes = tmp_path / "toy.py", tmp_path / "describes.py"
    python.write_text(PLUGIN)
    describes.write_text("raise KeyError('no such table')\n")
    command = livekit_agents_command(str(python), describes)
    if language == "node":
        command, describes = node("export const AvatarSession = class {};"), tmp_path / "plugin.mjs"
        describes.write_text("throw new Error('no such table');")
    fault = await refusal(command)
    assert isinstance(fault, HarnessFault), fault
    line = ":1" if language == "python" else ""
    assert f"the description {describes}{line} cannot be loaded: " in str(fault)
    assert "no such table" in str(fault)
    assert "cannot be imported" not in str(fault).partition("stderr")[0]


NODE_MAKE = "export const make = () => ({});"
NODE_DESCRIPTIONS = {
    "no make": ("export const capabilities = () => [];", " lacks make(plugin, options, vendor, connection)"),
    "no capabilities": (NODE_MAKE, " lacks capabilities(plugin, version)"),
    "async": (f"{NODE_MAKE} export async function capabilities() {{}}", " has a capabilities that is no plain function"),
    "text": (f"{NODE_MAKE} export const capabilities = () => 'start';", " returns no list of names from capabilities"),
    "mistake": (f"{NODE_MAKE} export const capabilities = (plugin) => plugin.no.thing;", ":1 failed: TypeError: "),
    "url": (f"{NODE_MAKE} export const capabilities = () => [new URL('x')];", ":1 failed: TypeError: Invalid URL"),
    "json": (f"{NODE_MAKE} export const capabilities = () => JSON.parse('x');", ":1 failed: SyntaxError: "),
}


@pytest.mark.parametrize("wrong", NODE_DESCRIPTIONS)
async def test_a_mistake_of_a_node_description_is_the_suites(node, tmp_path, wrong):
    text, told = NODE_DESCRIPTIONS[wrong]
    command = node("export const AvatarSession = class {};")
    (tmp_path / "plugin.mjs").write_text(text)
    fault = await refusal(command)
    assert type(fault) is VendorFault, fault
    assert str(fault).startswith(f"the description {tmp_path / 'plugin.mjs'}{told}")


@pytest.mark.parametrize("expression", ["throw new TypeError('no wings')", "return plugin.told()"])
async def test_what_a_node_description_or_its_plugin_says_is_the_callers(node, tmp_path, expression):
    command = node("export function told() { return Reflect.construct(null, [], 'no wings'); }")
    (tmp_path / "plugin.mjs").write_text(f"{NODE_MAKE} export function capabilities(plugin) {{ {expression}; }}")
    assert f"toy-avatar is not a plugin that {tmp_path / 'plugin.mjs'} describes: " in await refused(command)


def py(text):
    return connect(f"py:{text}").prepare(Preparation(DESCRIPTION)).arguments


async def refusal(command):
    with pytest.raises(MockvendorsError) as caught:
        await DriverProcess.spawn(command)
    return caught.value


async def refused(command):
    fault = await refusal(command)
    assert isinstance(fault, UsageFault), fault
    return str(fault)


async def test_an_object_whose_making_ends_the_process_is_no_fault_of_its_driver(tmp_path):
    (tmp_path / "dies.py").write_text("import os\ndef make(event): os._exit(9)\n")
    text = await refused(py(f"{tmp_path / 'dies.py'}:make"))
    assert f"the object {tmp_path / 'dies.py'}:make cannot be made: its factory ends the process with exit code 9. " in text
    assert sys.executable in text
