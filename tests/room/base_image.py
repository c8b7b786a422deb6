"""What the Dockerfile is built from without a registry: Debian's own Python, tagged like the base image, and wheels."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

from mockvendors import limits

ROOT = Path(__file__).parents[2]
PACKAGES = "python3-venv,python-is-python3"
SOURCES = ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list.d/ubuntu.sources", "/etc/apt/sources.list")
NOT_NEEDED = ("doc/*", "man/*", "locale/*")
BUILD_LIMIT = 300.0
"""Seconds for Debian's packages, or for the wheels; 25 and 15 measured."""


def base_name() -> str:
    """Return the image that the Dockerfile names."""
    named = re.findall(r"^FROM (\S+) AS base$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(named) == 1, named
    return named[0]


def base_archive(cache: Path) -> Path:
    """Return a root file system with `python`, `venv` and nothing of ours, made once a release of this machine's Debian."""
    if shutil.which("mmdebstrap") is None:
        pytest.skip("not installed: mmdebstrap (scripts/ensure_docker.sh installs it on Debian)")
    release = dict(re.findall(r"^(\w+)=\"?([^\"\n]*)", Path("/etc/os-release").read_text(), re.MULTILINE))
    archive = cache / f"{release['VERSION_CODENAME']}.tar.gz"
    if not archive.exists():
        partial = archive.with_name(f"{os.getpid()}.tar.gz")
        without = [f"--dpkgopt=path-exclude=/usr/share/{folder}" for folder in NOT_NEEDED]
        sources = [source for source in SOURCES if Path(source).exists() and Path(source).read_text().strip()]
        command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={PACKAGES}", *without]
        or_skip("no packages of Debian to be had", [*command, release["VERSION_CODENAME"], str(partial), *sources])
        partial.rename(archive)
    return archive


def python_of(archive: Path) -> str:
    """Return the version of Python in a root file system, like "3.11"."""
    with tarfile.open(archive) as tar:
        found = [name for entry in tar if (name := re.fullmatch(r"(?:\./)?usr/bin/python(3\.\d+)", entry.name))]
    assert len(found) == 1, found
    version = found[0][1]
    if tuple(map(int, version.split("."))) < (3, 11):
        pytest.skip(f"Python {version} of this machine's Debian is too old for mockvendors")
    return version


def wheels(python: str, cache: Path) -> Path:
    """Return a folder with all that `pip install .` needs for that version of Python, filled once a list of dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = sorted([*project["project"]["dependencies"], *project["build-system"]["requires"]])
    folder = cache / f"wheels-{python}-{hashlib.sha256(repr(needed).encode()).hexdigest()[:12]}"
    if not folder.exists():
        partial = cache / f"wheels-{os.getpid()}"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary=:all:", "--python-version", python]
        or_skip("no wheels to be had", [*command, "--dest", str(partial), *needed])
        partial.rename(folder)
    return folder


def or_skip(why: str, command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=limits.scaled(BUILD_LIMIT), check=False)
    if done.returncode != 0:
        pytest.skip(f"{why}: {done.stderr.strip()[-300:]}")
