"""An environment is made once, whoever asks and however many at a time; what was cut off or broken is made anew."""

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.implementations import uv
from mockvendors.implementations.environments import Recipe, environment
from mockvendors.implementations.interpreter import Interpreter

from .conftest import DESCRIPTION, made, prepared

LIMIT = 60.0
"""Seconds for a process that makes an environment from an index of this machine; 1 s measured."""

MAKER = f"""
import sys
from pathlib import Path
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation
say = lambda line: print(line, file=sys.stderr, flush=True)
print(connect("agents:slow==1.0").prepare(Preparation(Path({str(DESCRIPTION)!r}), say=say)).arguments[0], flush=True)
"""


@pytest.fixture
def slow(index):
    index.add("slow", "1.0", "livekit-agents")
    index.add("slow", "0.9")
    return "agents:slow==1.0"


def maker():
    command = [sys.executable, "-c", MAKER]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def ended(process):
    out, said = process.communicate(timeout=limits.scaled(LIMIT))
    return process.returncode, out.strip(), said


def python_of(launch):
    return Path(launch.arguments[0])


def test_is_made_once_and_its_python_runs(slow, own_cache):
    launch, said = prepared(slow)
    assert len(said) == 2
    assert prepared(slow) == (launch, [])
    assert made(own_cache) == [python_of(launch).parents[1].name]
    subprocess.run([*launch.arguments[:1], "-I", "-c", "import slow, livekit_agents"], check=True)


def without_interpreter(folder):
    (folder / "bin" / "python").unlink()


def with_an_interpreter_that_is_gone(folder):
    (folder / "bin" / "python").unlink()
    (folder / "bin" / "python").symlink_to("/no/such/python3")


def without_a_package(folder):
    shutil.rmtree(next(folder.glob("lib/python*/site-packages/slow-1.0.dist-info")))


def without_mark(folder):
    (folder / "ready.json").unlink()


def with_half_a_mark(folder):
    (folder / "ready.json").write_text('{"pairing": "')


def with_another_mark(folder):
    (folder / "ready.json").write_text("[]")


@pytest.mark.parametrize(
    "broken",
    [
        without_interpreter,
        with_an_interpreter_that_is_gone,
        without_a_package,
        without_mark,
        with_half_a_mark,
        with_another_mark,
        shutil.rmtree,
    ],
)
def test_broken_one_is_made_anew(slow, broken):
    launch, _ = prepared(slow)
    folder = python_of(launch).parents[1]
    broken(folder)
    again, said = prepared(slow)
    assert again == launch
    assert len(said) == 2, "it was made"
    subprocess.run([*launch.arguments[:1], "-I", "-c", "import slow, livekit_agents"], check=True)
    assert prepared(slow)[1] == []


def test_package_that_somebody_added_breaks_nothing(slow, index):
    launch, _ = prepared(slow)
    command = ["pip", "install", "--python", launch.arguments[0], "httpx"]
    index.add("httpx", "0.28.1")
    assert uv.find().run(*command, folder=python_of(launch).parent).status == 0
    assert prepared(slow)[1] == []


def lines(*processes):
    """Yield what any of them tells a person, as it comes; it ends when nobody says anything for long."""
    with selectors.DefaultSelector() as selector:
        for process in processes:
            selector.register(process.stderr, selectors.EVENT_READ)
        while ready := selector.select(limits.scaled(LIMIT)):
            for key, _ in ready:
                yield from os.read(key.fd, 1 << 16).decode().splitlines()


def wait_for(words, *processes):
    assert any(words in line for line in lines(*processes)), f"nobody said {words!r}"


@pytest.fixture
def closed(index):
    """Let the index hold back what it has to say of `slow`: whoever makes the environment stands in the middle of it."""
    index.gate.clear()
    return index


@pytest.mark.usefixtures("slow")
def test_of_two_runs_at_once_one_makes_it_and_both_use_it(closed):
    first, second = maker(), maker()
    wait_for("waiting for another run, which makes ", first, second)
    closed.gate.set()
    results = [ended(first), ended(second)]
    assert [code for code, _, _ in results] == [0, 0]
    assert results[0][1] == results[1][1]
    assert sum("made it in" in said for _, _, said in results) == 1


@pytest.mark.usefixtures("slow")
def test_of_one_that_is_interrupted_nothing_is_left(closed, own_cache):
    run = maker()
    assert closed.waiting.wait(limits.scaled(LIMIT))
    assert len(made(own_cache)) == 1, "it is half made"
    os.killpg(run.pid, signal.SIGINT)
    code, out, _ = ended(run)
    assert (code, out) == (-signal.SIGINT, "")
    assert made(own_cache) == []


@pytest.mark.usefixtures("slow")
def test_one_that_is_killed_is_waited_for_till_its_uv_has_ended_and_is_made_anew(closed):
    """The uv of a killed run goes on alone; whoever comes next must not make the same folder beside it."""
    run = maker()
    assert closed.waiting.wait(limits.scaled(LIMIT))
    run.kill()
    ended(run)
    second = maker()
    wait_for("waiting for another run, which makes ", second)
    closed.gate.set()
    code, out, said = ended(second)
    assert code == 0
    assert "made it in" in said
    subprocess.run([out, "-I", "-c", "import slow"], check=True)


def test_each_thing_that_goes_in_makes_another(own_cache):
    python = Interpreter("/usr/bin/python3", "3.11.7", "/usr")

    def folder(python=python, key=("release", "tiny==1.0")):
        return Recipe("tiny-1.0", python, key, str).folder()

    assert folder().parent == own_cache
    assert folder() == folder(Interpreter("/venv/bin/python", "3.11.7", "/usr")), "an environment's Python is the one below it"
    others = [
        folder(Interpreter("/usr/bin/python3", "3.11.8", "/usr")),
        folder(Interpreter("/usr/bin/python3", "3.11.7", "/opt")),
        folder(key=("release", "tiny==1.1")),
        folder(key=("release", "tiny==1", ".0")),
    ]
    assert len({folder(), *others}) == 5


def test_name_of_a_folder_is_one():
    python = Interpreter("python3", "3.11.7", "/usr")
    assert re.fullmatch(r"a-b-c-python3\.11-[0-9a-f]{12}", Recipe("a/b [c", python, (), str).folder().name)


def test_cache_that_cannot_be_written_is_told_with_the_way_out(slow, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(EnvironmentFault, match=r"made in .*environments \(Not a directory\)\. .*export XDG_CACHE_HOME=\.\.\."):
        prepared(slow)


def test_interpreter_that_makes_no_environment_is_told_with_uvs_words(own_cache):
    recipe = Recipe("tiny", Interpreter("/no/such/python", "3.11.7", "/usr"), (), str)
    with pytest.raises(EnvironmentFault, match=r"/no/such/python makes no environment\. Give another Python; uv says:\n  error"):
        environment(recipe, print)
    assert made(own_cache) == []


def test_without_uv_that_is_what_is_told(slow, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "uv", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault, match=r"there is no uv, which makes environments\. Install it: pip install uv"):
        prepared(slow)


def test_uv_of_the_machine_serves_as_well(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "uv", None)
    (tmp_path / "uv").write_text("#!/bin/sh\necho $1\n")
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert uv.find().run("said", folder=tmp_path) == uv.Done(0, "said\n", "")


def test_uv_that_does_not_end_is_ended_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "ENVIRONMENT_MAKE", 0.05)
    (tmp_path / "uv").write_text("#!/bin/sh\nexec sleep 600\n")
    (tmp_path / "uv").chmod(0o755)
    with pytest.raises(EnvironmentFault, match=r"uv did not end within 0\.05 s: uv venv\. Is the package index within reach"):
        uv.Uv(str(tmp_path / "uv")).run("venv", folder=tmp_path)


@pytest.mark.parametrize("name", ["UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_TARGET", "VIRTUAL_ENV", "UV_REQUIRE_HASHES"])
def test_settings_for_another_environment_do_not_lead_astray(slow, monkeypatch, tmp_path, name):
    monkeypatch.setenv(name, "1" if name in {"UV_SYSTEM_PYTHON", "UV_REQUIRE_HASHES"} else str(tmp_path / "theirs"))
    launch, _ = prepared(slow)
    subprocess.run([launch.arguments[0], "-I", "-c", "import slow"], check=True)
    assert not (tmp_path / "theirs").exists()
