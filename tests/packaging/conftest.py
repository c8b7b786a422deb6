"""Environments of their own, made with uv from the wheel that users would install."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT)
    return next(out.glob("mockvendors-*.whl"))


@pytest.fixture
def environment(tmp_path):
    """Make an environment with these requirements and return its Python."""

    def make(*requirements):
        python = tmp_path / "env" / "bin" / "python"
        run(sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "env")
        run(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python, *requirements)
        return python

    return make
