"""What is typed wrongly ends in one message on stderr, nothing on stdout, and exit code 4."""

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
    assert command in run.stdout
