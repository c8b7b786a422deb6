"""mockvendors resolves into one environment with each livekit-agents from 1.5 to 1.8, which pin `livekit` exactly."""

import re
import subprocess
import sys

import pytest

from .conftest import ROOT

PAIRS = ["1.5.17", "1.6.9", "1.7.1", "1.8.0", "1.8.9"]


def resolve(*requirements, python="3.11"):
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--no-header",
        "--no-annotate",
        "--python-version",
        python,
    ]
    text = "\n".join([f"mockvendors @ {ROOT.as_uri()}", *requirements])
    return subprocess.run([*command, "-"], input=text, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", PAIRS)
def test_resolves_beside_the_plugin(version):
    done = resolve(f"livekit-agents=={version}", f"livekit-plugins-anam=={version}")
    assert done.returncode == 0, done.stderr
    assert re.search(rf"^livekit-agents=={re.escape(version)}$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_resolves_on_each_python(python):
    done = resolve("livekit-agents==1.8.9", python=python)
    assert done.returncode == 0, done.stderr


def test_a_conflict_would_be_seen():
    done = resolve("livekit-agents==1.8.9", "livekit==1.1.8")
    assert done.returncode != 0
