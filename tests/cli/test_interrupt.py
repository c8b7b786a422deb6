"""Ctrl-C ends a command with one line and exit code 2, whatever it is at. `serve`, `record`, `verify` have tests of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mockvendors import limits

LIMIT = 60.0
SLEEPS = "#!/bin/sh\ntouch '{up}'\nexec sleep 600\n"


@pytest.fixture
def interrupted(tmp_path):
    """Start a command with `PATH`, cache and modules of its own, wait until it is at it, and send SIGINT."""

    def interrupt(*arguments, up, **environment):
        env = {**os.environ, "PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), **environment}
        running = subprocess.Popen(
            [sys.executable, "-m", "mockvendors", *arguments],
            cwd=tmp_path,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            deadline = time.monotonic() + limits.scaled(LIMIT)
            while not up():
                assert running.poll() is None, running.communicate()
                assert time.monotonic() < deadline
                time.sleep(limits.DRIVER_POLL)
            running.send_signal(signal.SIGINT)
            out, error = running.communicate(timeout=limits.scaled(LIMIT))
        finally:
            running.kill()
            running.wait()
        return running.returncode, out, error

    return interrupt


@pytest.fixture
def sleeper(tmp_path):
    """Write a program that says that it runs, and does nothing more."""

    def write(name):
        path = tmp_path / name
        path.write_text(SLEEPS.format(up=tmp_path / "up"))
        path.chmod(0o755)
        for program in {"sleep", "touch"} - {each.name for each in tmp_path.iterdir()}:
            (tmp_path / program).symlink_to(Path("/usr/bin", program))
        return (tmp_path / "up").exists

    return write


def test_building_livekit(interrupted, sleeper):
    code, out, error = interrupted("livekit", up=sleeper("go"), MOCKVENDORS_LIVEKIT="build")
    assert (code, out) == (2, "")
    assert error.splitlines()[1:] == ["mockvendors: interrupted"], error
    assert error.startswith("building LiveKit ")


def test_looking_at_the_machine(interrupted, sleeper):
    assert interrupted("doctor", up=sleeper("livekit-server")) == (2, "", "mockvendors: interrupted\n")


def test_trying_a_driver(interrupted, sleeper, tmp_path):
    up = sleeper("driver")
    assert interrupted("smoke", "anam", "--implementation=exec:./driver", up=up) == (2, "", "mockvendors: interrupted\n")
    assert (tmp_path / "up").exists()


def test_preparing_a_driver(interrupted, sleeper):
    sleeper("npm")
    told = interrupted("smoke", "anam", "--implementation=node:nobody@1.0.0", up=sleeper("node"))
    assert told == (2, "", "mockvendors: interrupted\n")


def test_reading_a_report_that_does_not_come(interrupted, tmp_path):
    os.mkfifo(tmp_path / "run.jsonl")
    ends = []

    def reads():
        try:
            ends.append(os.open(tmp_path / "run.jsonl", os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return False
        return True

    assert interrupted("report", "run.jsonl", up=reads) == (2, "", "mockvendors: interrupted\n")
    os.close(*ends)


def test_before_the_command_is_loaded(interrupted, tmp_path):
    (tmp_path / "typer.py").write_text(f"import pathlib, time\npathlib.Path({str(tmp_path)!r}, 'up').touch()\ntime.sleep(600)\n")
    told = interrupted("doctor", up=(tmp_path / "up").exists, PYTHONPATH=str(tmp_path))
    assert told == (2, "", "mockvendors: interrupted\n")
