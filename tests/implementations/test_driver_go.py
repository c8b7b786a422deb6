"""examples/driver-go: a driver in plain Go shows that the protocol is enough."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.drivers.smoke import smoke
from mockvendors.drivers.smoke_talk import Program
from tests.conformance.running import ROOT, run

FOLDER = ROOT / "examples" / "driver-go"
BUILD_LIMIT = 300.0
"""Seconds: a Go that has never built its standard library takes a minute on a busy machine."""


def build(target: Path, folder: Path = FOLDER, what: str = ".") -> Path:
    """Build the driver as a program that needs no library; skip where Go lacks."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("not installed: go")
    done = subprocess.run(
        [go, "build", "-trimpath", "-o", str(target), what],
        cwd=folder,
        env={**os.environ, "CGO_ENABLED": "0"},
        capture_output=True,
        text=True,
        timeout=limits.scaled(BUILD_LIMIT),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    return build(tmp_path_factory.mktemp("driver-go") / "driver")


def test_it_is_short_and_needs_the_standard_library_alone():
    """With all that it drives."""
    assert sum(len(file.read_text().splitlines()) for file in FOLDER.rglob("*.go")) < 150
    assert "require" not in (FOLDER / "go.mod").read_text()


async def test_it_passes_smoke(driver):
    report = await smoke(Program((str(driver),)), {"name": "Cara", "avatar_id": "x"})
    assert [finding for finding in report.findings if finding.passed is not True] == []


def test_its_client_gets_a_verdict(driver):
    files = ("test_token.py", "test_request.py", "test_transport.py", "test_join.py", "test_configuration.py")
    cases = [f"suites/anam/{name}" for name in files]
    code, output = run(*cases, f"--implementation=exec:{driver}", MOCKVENDORS_LIVEKIT="none")
    assert code == 0, output
    passed, unclaimed = map(int, re.search(r"^(\d+) pass(?: · \d+ warn)? · (\d+) not claimed$", output, re.MULTILINE).groups())
    assert passed > 20, output
    assert unclaimed > 10, output
    assert "verdict on anam-go 0.1.0" in output
    assert "does not claim room" in output
