"""What `make` and scripts/ say where something is missing, and that nothing half-made is kept. Run in a copy of their own."""

import os
import re
import shutil
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
LEAN = "-p no:schemathesis -p no:hypothesispytest"
BY_THREE = "-n 3 --dist worksteal"
"""How `make anam` has the cases judged."""


class Checkout:
    """A copy of what the set-up consists of, without an environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)
        foreign = ("MAKE", "MFLAGS", "PYTHON", "PLUGIN", "WORKERS")
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
        self.owned_by(self.folder)

    def owned_by(self, folder: Path) -> None:
        """Let the environment have the mockvendors of that checkout, as an editable install notes it."""
        packages = self.folder / ".venv" / "lib" / "python3.11" / "site-packages"
        packages.mkdir(parents=True, exist_ok=True)
        (packages / "_mockvendors.pth").write_text(str(folder))


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


def test_an_environment_that_another_checkout_shares_is_taken_back_and_says_so(checkout, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    checkout.ready()
    checkout.owned_by(other)
    checkout.program(".venv/bin/python", "exit 0")
    checkout.program(".venv/bin/uv", f'echo "$@" >> {checkout.folder}/asked')
    done = checkout.run("scripts/setup.sh")
    assert done.returncode == 0, done.stderr
    first, *more = done.stderr.splitlines()
    assert first.startswith(
        f"set-up: .venv has the mockvendors of {other}, not of this folder: this one's is installed instead. "
    )
    assert more == []
    assert (checkout.folder / "asked").read_text().splitlines()[-1].endswith(" --editable .")
    assert (checkout.folder / ".venv" / ".ready").exists()
    checkout.owned_by(checkout.folder)  # as the install does that is played here
    assert checkout.run("scripts/setup.sh").stderr == ""


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


def test_a_named_version_is_asked_for_by_its_connect_string(checkout):
    checkout.ready()
    checkout.program(".venv/bin/python", 'echo "$@"')
    for done in (checkout.run("scripts/anam.sh", "1.8.0"), checkout.run("make", "anam", "PLUGIN=1.8.0")):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"-m pytest suites/anam {LEAN} --implementation agents:livekit.plugins.anam==1.8.0 {BY_THREE}\n"
    assert checkout.run("scripts/anam.sh").stdout == f"-m pytest suites/anam {LEAN} {BY_THREE}\n"


def test_one_process_judges_one_case_after_the_other(checkout):
    checkout.ready()
    checkout.program(".venv/bin/python", 'echo "$@"')
    assert checkout.run("make", "anam", "WORKERS=1").stdout == f"-m pytest suites/anam {LEAN}\n"
