"""A signal at the worst of moments ends `serve` all the same: in order where it can, at once where it cannot."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mockvendors import limits

from .conftest import environment

AT_THE_RETURN = """
import os, runpy, signal, sys, threading, time, urllib.error, urllib.request

file, function, caller, number = {file!r}, {function!r}, {caller!r}, {number}
came = 0


def callers(frame):
    while frame.f_back:
        frame = frame.f_back
        yield frame.f_code.co_name, frame


def wanted_by_another(caller):
    # A line that the mock's thread tells of a request, with what the main thread is just importing.
    scene = next(found.f_locals["scene"] for _, found in caller if "scene" in found.f_locals)
    try:
        urllib.request.urlopen(scene.addresses["anam"] + "/v1/avatars")
    except urllib.error.HTTPError:
        pass
    main = threading.main_thread().ident
    others = lambda: [frame for name, frame in sys._current_frames().items() if name != main]
    while not any(name == "_tell" for frame in others() for name, _ in callers(frame)):
        time.sleep(0.01)


def inside(frame, event, arg):
    global came
    if event == "return":
        came += 1
        if came == number:
            sys.settrace(None)
            if function == "acquire":
                wanted_by_another(callers(frame))
            os.write(2, b"SIGTERM is sent\\n")
            os.kill(os.getpid(), signal.SIGTERM)
    return inside


def outside(frame, event, arg):
    code = frame.f_code
    wanted = code.co_name == function and code.co_filename.endswith(file) and caller in [name for name, _ in callers(frame)]
    return inside if wanted else None


sys.argv = ["mockvendors", "serve", "anam", "--no-livekit"]
sys.settrace(outside)  # of the main thread
runpy.run_module("mockvendors", run_name="__main__")
"""
"""The moment when a function returns: of a lock that is written in Python, it is taken then, and nobody knows it yet."""

NEVER_ENDS = """
import asyncio, runpy, signal, sys

from mockvendors.cli.serving import Serving


async def stop(self):
    if {deaf}:
        signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGALRM}})
    await asyncio.Event().wait()


Serving.stop = stop
sys.argv = ["mockvendors", "serve", "anam", "--no-livekit"]
if {deaf}:
    signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGALRM}})
runpy.run_module("mockvendors", run_name="__main__")
"""


def run(tmp_path: Path, script: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment(tmp_path, **env),
        capture_output=True,
        text=True,
        check=False,
        timeout=limits.scaled(limits.LIVEKIT_START),
    )


@pytest.mark.parametrize(
    ("file", "function", "caller", "number", "code"),
    [
        ("threading.py", "__enter__", "result", 1, 2),  # it waits for the ports: nothing was served yet
        ("threading.py", "__enter__", "result", 2, 0),  # it waits for what comes after
        ("importlib._bootstrap>", "acquire", "_tell", 1, 0),  # it imports what the mock's thread waits for, to print with
    ],
)
def test_a_signal_that_comes_just_when_a_lock_was_taken_ends_it_in_order(tmp_path, *, file, function, caller, number, code):
    done = run(tmp_path, AT_THE_RETURN.format(file=file, function=function, caller=caller, number=number))
    assert "SIGTERM is sent" in done.stderr
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert "at once" not in done.stderr


def serve_that_never_ends(tmp_path: Path, *, deaf: bool) -> subprocess.CompletedProcess[str]:
    env = environment(tmp_path, MOCKVENDORS_TIME_SCALE="0.02")
    process = subprocess.Popen(
        [sys.executable, "-c", NEVER_ENDS.format(deaf=deaf)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr
        told = ""
        for line in process.stderr:
            told += line
            if "Ready" in line:
                process.send_signal(signal.SIGTERM)
        return subprocess.CompletedProcess([], process.wait(limits.SESSION_END), "", told)


def test_an_end_that_takes_too_long_is_told_and_ended(tmp_path):
    done = serve_that_never_ends(tmp_path, deaf=False)
    assert done.returncode == 3, done.stderr
    assert "the end in order takes too long" in done.stderr
    assert "serving.py" in done.stderr, "where it hangs"


def test_a_main_thread_that_hears_nothing_any_more_is_ended_too(tmp_path):
    done = serve_that_never_ends(tmp_path, deaf=True)
    assert done.returncode == 1, done.stderr
    assert "serving.py" in done.stderr
