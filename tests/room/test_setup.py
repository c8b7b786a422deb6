"""What `make` and scripts/ say where something is missing, and that nothing half-made is kept. Run in a copy of their own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from mockvendors import limits

ROOT = Path(__file__).parents[2]
NEEDED = ("Makefile", "scripts", "requirements.lock", "pyproject.toml")
LIMIT = 60.0
"""Seconds for a set-up that fails; the slowest asks a package index."""


class Checkout:
    """A copy of what the set-up consists of, without an environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        foreign = ("MAKE", "MFLAGS", "PYTHON", "PLUGIN")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}

    def run(self, *command: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env={**self.env, **more},
            capture_output=True,
            text=True,
            timeout=limits.scaled(LIMIT),
            check=False,
        )

    def program(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
        return file

    def environments(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob(".venv*"))

    def ready(self) -> None:
        """Put an environment in place that counts as set up, and whose tests are what the case makes of them."""
        (self.folder / ".venv" / "bin").mkdir(parents=True)
        for mark in (".ready", ".livekit"):
            (self.folder / ".venv" / mark).touch()
            later = (self.folder / "requirements.lock").stat().st_mtime + 1  # a clock may tick seldom
            os.utime(self.folder / ".venv" / mark, (later, later))


@pytest.fixture
def checkout(tmp_path) -> Checkout:
    return Checkout(tmp_path)


def test_an_interpreter_that_is_not_there_is_told_as_such(checkout):
    done = checkout.run("make", "anam", "PYTHON=python3.99")
    first, *_ = done.stderr.splitlines()
    assert first.startswith("set-up: there is no python3.99 here; mockvendors needs Python 3.11 or newer: ")
    assert "Error 4" in done.stderr
    assert checkout.environments() == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("echo 'pyenv: python3: command not found'; exit 127", r"does not run \(pyenv: python3: command not found\)"),
        ('[ "$2" = "${2#*exit}" ] && echo 3.9 || exit 1', r"is Python 3\.9; mockvendors needs 3\.11 or newer"),
    ],
)
def test_an_interpreter_that_does_not_serve_is_told_with_its_reason(checkout, text, words):
    python = checkout.program("some-python", text)
    done = checkout.run("scripts/setup.sh", PYTHON=str(python))
    assert done.returncode == 4
    assert re.match(rf"set-up: \S+ {words}", done.stderr), done.stderr
    assert checkout.environments() == []


def test_a_python_without_ensurepip_gets_the_package_that_brings_it(checkout):
    (checkout.folder / "bare").mkdir()
    (checkout.folder / "bare" / "ensurepip.py").write_text("raise ImportError")
    done = checkout.run("scripts/setup.sh", PYTHON=sys.executable, PYTHONPATH=str(checkout.folder / "bare"))
    assert done.returncode == 7
    assert f"sudo apt install python{sys.version_info.major}.{sys.version_info.minor}-venv" in done.stderr
    assert checkout.environments() == []


def test_what_an_interrupted_set_up_left_is_made_anew(checkout):
    """What it left has no mark. The next one fails as well, for want of an index, in an environment with nothing of the first."""
    checkout.env["PIP_INDEX_URL"] = "http://127.0.0.1:9/"
    checkout.env["PIP_RETRIES"] = "0"
    left = checkout.folder / ".venv" / "bin" / "left"
    venv.create(checkout.folder / ".venv", with_pip=False)
    left.touch()
    done = checkout.run("scripts/setup.sh", PYTHON=sys.executable)
    assert done.returncode == 7
    assert "set-up: the locked packages cannot be installed" in done.stderr.splitlines()[-1]
    assert not left.exists()
    assert not (checkout.folder / ".venv" / ".ready").exists()


def test_an_environment_that_is_ready_is_left_alone(checkout):
    checkout.ready()
    checkout.program(".venv/bin/python", "exit 0")
    done = checkout.run("scripts/setup.sh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(("code", "meaning"), [(1, "the plugin failed"), (6, "incomplete"), (7, "not of the plugin")])
def test_the_suites_own_exit_code_is_kept_and_explained(checkout, code, meaning):
    checkout.ready()
    checkout.program(".venv/bin/python", f"exit {code}")
    alone = checkout.run("scripts/anam.sh")
    assert alone.returncode == code
    assert re.fullmatch(rf"anam: exit code {code}: .*{meaning}.*", alone.stderr.splitlines()[-1])
    made = checkout.run("make", "anam")
    assert made.returncode == 2
    ours, makes = made.stderr.splitlines()[-2:]
    assert ours.startswith(f"anam: exit code {code}: ")
    assert "scripts/anam.sh keeps it" in ours
    assert makes.endswith(f"Error {code}")


def test_nothing_is_said_of_a_run_that_went_well(checkout):
    checkout.ready()
    checkout.program(".venv/bin/python", "exit 0")
    done = checkout.run("make", "anam")
    assert (done.returncode, done.stderr) == (0, "")


def with_uv(checkout: Checkout, text: str) -> list[object]:
    """Return the command that makes the environment of 1.8.0, with a stand-in for uv beside its interpreter."""
    (checkout.folder / "bin").mkdir()
    (checkout.folder / "bin" / "python").symlink_to(sys.executable)
    checkout.program("bin/uv", text)
    checkout.env["PYTHONPATH"] = os.pathsep.join(sys.path)
    return [checkout.folder / "bin" / "python", "scripts/plugin_environment.py", "1.8.0"]


@pytest.fixture
def plugin(checkout):
    """Return what makes the environment of a version of the plugin, with the tools of this one."""

    def make(version: str, **more: str) -> subprocess.CompletedProcess[str]:
        return checkout.run(sys.executable, "scripts/plugin_environment.py", version, **more)

    return make


@pytest.mark.parametrize("version", ["garbage!", "../../x", "", "1.8.0; touch x"])
def test_what_is_no_version_is_refused_before_anything_is_made(checkout, plugin, version):
    done = plugin(version)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        f"anam: {version!r} is no version, like 1.8.0. "
        "All that are published: .venv/bin/python -m pip index versions livekit-plugins-anam\n"
    )
    assert checkout.environments() == []


def test_a_version_that_was_never_published_is_told_with_its_neighbours(checkout, plugin):
    done = plugin("1.5.99")
    if "no package index is within reach" in done.stderr:
        pytest.skip(done.stderr)
    assert (done.returncode, done.stdout) == (4, "")
    assert "anam: there is no livekit-plugins-anam 1.5.99. Near it: 1.5.16, 1.5.17, 1.5.18, 1.6.0" in done.stderr
    assert checkout.environments() == []


def test_without_a_package_index_that_is_what_is_told(checkout, plugin):
    nowhere = dict.fromkeys(("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"), "http://127.0.0.1:9/")
    done = plugin("1.8.0", **nowhere, UV_NO_CACHE="1", UV_HTTP_RETRIES="0", PIP_RETRIES="0")
    assert (done.returncode, done.stdout) == (7, "")
    assert "anam: no package index is within reach to install livekit-plugins-anam 1.8.0 from:" in done.stderr
    assert checkout.environments() == []


def test_an_environment_that_is_interrupted_is_not_kept(checkout):
    """uv is a stand-in that makes a folder and then waits, as a download would."""
    gate = checkout.folder / "gate"
    os.mkfifo(gate)
    wait = f'[ "$1" = venv ] && mkdir -p .venv-anam-1.8.0/bin && exit; echo >{gate}; exec sleep 600'
    command = with_uv(checkout, wait)
    run = subprocess.Popen(
        command, cwd=checkout.folder, env=checkout.env, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with gate.open() as opened:
        opened.readline()
    assert checkout.environments() == [".venv-anam-1.8.0"]
    os.killpg(run.pid, signal.SIGINT)
    out, _ = run.communicate(timeout=limits.scaled(LIMIT))
    assert (run.returncode, out) == (2, b"")
    assert checkout.environments() == []


def test_a_version_that_was_taken_back_is_judged_and_told(checkout):
    """In the words of the locked uv; livekit-agents 1.5.18 is such a one."""
    warning = 'warning: `livekit-agents==1.8.0` is yanked (reason: "not ready for release")'
    command = with_uv(checkout, f"mkdir -p .venv-anam-1.8.0/bin; echo '{warning}' >&2")
    done = checkout.run(*command)
    assert (done.returncode, done.stdout) == (0, ".venv-anam-1.8.0/bin/python\n")
    told = done.stderr.splitlines()
    assert "livekit-agents==1.8.0 was taken back by its publisher (not ready for release); it is judged all the same" in told
    assert checkout.run(*command).stderr == "", "a second run sets nothing up again"


def test_a_version_without_a_framework_of_its_own_is_told_with_what_to_do(checkout, plugin):
    """From an index that is a folder of wheels, of which nobody reads more than the names."""
    index = checkout.folder / "index"
    index.mkdir()
    for wheel in ("livekit_plugins_anam-1.9.0", "livekit_agents-1.8.9"):
        (index / f"{wheel}-py3-none-any.whl").touch()
    own = {"UV_FIND_LINKS": str(index), "UV_NO_INDEX": "1", "PIP_FIND_LINKS": str(index), "PIP_NO_INDEX": "1"}
    done = plugin("1.9.0", **own)
    assert (done.returncode, done.stdout) == (4, "")
    assert "anam: livekit-plugins-anam 1.9.0 has no livekit-agents of the same version to run with. " in done.stderr
    assert "--implementation-python PATH/bin/python" in done.stderr
    assert checkout.environments() == []
