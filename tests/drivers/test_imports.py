"""A plugin whose import throws, ends the process or never comes back cannot be imported; no driver is blamed."""

import asyncio
import json
import shutil
import sys

import pytest

from mockvendors import limits
from mockvendors.drivers.command import livekit_agents_command, node_command
from mockvendors.drivers.process import DriverProcess
from mockvendors.drivers.smoke import smoke
from mockvendors.drivers.smoke_talk import Program
from mockvendors.errors import UsageFault
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
        (tmp_path / "plugin.mjs").write_text("export const capabilities = () => [];")
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
        f"{hangs}:make": connect(f"py:{hangs}:make").prepare(Preparation(DESCRIPTION)).arguments,
        "toy-avatar": node("process.stderr.write('asks for a licence\\n'); for (;;);"),
    }
    told = await asyncio.gather(*(refused(command) for command in commands.values()))
    for what, text in zip(commands, told, strict=True):
        assert f"the plugin {what} cannot be imported: its import did not end within 6 s. Start it by hand to see wh" in text
        assert "MOCKVENDORS_TIME_SCALE=3 gives it three times as long" in text
        assert "asks for a licence" in text


async def refused(command):
    with pytest.raises(UsageFault) as caught:
        await DriverProcess.spawn(command)
    return str(caught.value)


async def test_an_object_whose_making_ends_the_process_is_no_fault_of_its_driver(tmp_path):
    (tmp_path / "dies.py").write_text("import os\ndef make(event): os._exit(9)\n")
    text = await refused(connect(f"py:{tmp_path / 'dies.py'}:make").prepare(Preparation(DESCRIPTION)).arguments)
    assert f"the plugin {tmp_path / 'dies.py'}:make cannot be imported: its import ends the process with exit code 9. " in text
    assert sys.executable in text
