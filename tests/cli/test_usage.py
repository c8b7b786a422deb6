"""What is typed wrongly ends in one message on stderr, nothing on stdout, and exit code 4."""

import os
import pty
import re
import subprocess
import sys

import pytest

from mockvendors import __version__


def mockvendors(*arguments):
    return subprocess.run([sys.executable, "-m", "mockvendors", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], "No such command 'nothing'"),
        (["serve"], "Missing argument 'VENDOR"),
        (["serve", "anam", "--port", "abc"], "--port"),
        (["serve", "anam", "--prot", "1"], "--prot"),
        (["serve", "nobody"], "Known vendors: anam"),
        (["doctor", "extra"], "extra"),
    ],
)
def test_usage(arguments, told):
    run = mockvendors(*arguments)
    assert (run.returncode, run.stdout) == (4, "")
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_version():
    run = mockvendors("--version")
    assert (run.returncode, run.stdout, run.stderr) == (0, f"{__version__}\n", "")


@pytest.mark.parametrize("command", ["serve", "doctor", "livekit"])
def test_help(command):
    run = mockvendors(command, "--help")
    assert run.returncode == 0
    assert f"mockvendors {command} [OPTIONS]" in run.stdout
    assert "Examples:" in run.stdout
    assert "Exit codes:" in run.stdout
    assert max(len(line) for line in run.stdout.splitlines()) <= 80


def test_the_first_help_tells_commands_examples_and_every_exit_code():
    run = mockvendors("--help")
    assert max(len(line) for line in run.stdout.splitlines()) <= 80
    assert "..." not in run.stdout.split("Examples")[0].split("Commands:")[1], "a command's line is cut off"
    codes = {int(code) for code in re.findall(r"(?<=  )(\d)  \w", run.stdout.split("Exit codes")[1])}
    assert codes == set(range(8))


@pytest.mark.parametrize("columns", ["60", "80"])
def test_the_doctor_is_as_wide_as_columns_says_and_remedies_stay_whole(columns):
    env = {**os.environ, "COLUMNS": columns, "LIVEKIT_URL": ""}
    run = subprocess.run([sys.executable, "-m", "mockvendors", "doctor"], capture_output=True, text=True, check=False, env=env)
    found, _, remedies = run.stdout.partition("\n\n")
    assert max(len(line) for line in found.splitlines()) <= int(columns)
    assert not [line for line in found.splitlines() if line.endswith(" ")]
    assert "export LIVEKIT_URL=ws://... LIVEKIT_API_KEY=... LIVEKIT_API_SECRET=..." in remedies


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_is_obeyed_on_a_terminal(no_color, coloured):
    ours, theirs = pty.openpty()
    env = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm"}
    with os.fdopen(theirs, "wb") as terminal:
        subprocess.run([sys.executable, "-m", "mockvendors", "doctor"], stdout=terminal, check=False, env=env)
        shown = os.read(ours, 65_536)
    os.close(ours)
    assert b"Python" in shown
    assert (b"\x1b[" in shown) == coloured
