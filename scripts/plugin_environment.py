"""Make .venv-anam-VERSION, which holds a published version of the plugin, and print its interpreter's path.

Run by scripts/anam.sh with the Python of .venv, in the checkout. Nothing is left behind when it cannot be made.
Exit codes as in docs/architecture.md: 4 there is no such version, 7 it cannot be installed here.
"""

# ruff: noqa: INP001 - a program of its own

import bisect
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from packaging.version import InvalidVersion, Version

PLUGIN = "livekit-plugins-anam"
AGENTS = "livekit-agents"
NEEDED_TOO = "httpx"
"""Same-version pairs up to 1.6.9 need it, and a dependency of theirs no longer brings it."""
LIST = f".venv/bin/python -m pip index versions {PLUGIN}"
USAGE, ENVIRONMENT = 4, 7
NEAR = 3
"""So many published versions on either side are named."""


def main(wanted: str) -> None:
    """Print the interpreter of the environment, which is made unless it is there."""
    try:
        version = Version(wanted)
    except InvalidVersion:
        fail(USAGE, f"{wanted!r} is no version, like 1.8.0", f"All that are published: {LIST}")
    folder = Path(f".venv-anam-{version}")
    ready = folder / ".ready"
    if not ready.exists():  # also one that an interrupted run left half made
        tell(f"setting up {folder} (once)")
        try:
            make(folder, version)
            ready.touch()
        finally:
            if not ready.exists():
                shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{folder / 'bin' / 'python'}\n")


def make(folder: Path, version: Version) -> None:
    """Install the plugin and the framework of the same version; end the program when that cannot be."""
    made = uv("venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
    if made.returncode != 0:
        fail(ENVIRONMENT, f"{folder} cannot be made: {made.stderr.strip()}")
    pair = (f"{PLUGIN}=={version}", f"{AGENTS}=={version}")
    done = uv("pip", "install", "--python", str(folder / "bin" / "python"), *pair, NEEDED_TOO)
    if done.returncode != 0:
        explain(version, done.stderr)
    for yanked in re.findall(r"`(.*)` is yanked \(reason: \"(.*)\"\)", done.stderr):
        tell(f"{yanked[0]} was taken back by its publisher ({yanked[1]}); it is judged all the same")


def explain(version: Version, said: str) -> NoReturn:
    """Say why this pair cannot be installed: no such plugin, no such framework, or something of this machine."""
    if not (plugins := published(PLUGIN)):
        fail(ENVIRONMENT, f"no package index is within reach to install {PLUGIN} {version} from:\n{said.strip()}")
    if version not in plugins:
        fail(USAGE, f"there is no {PLUGIN} {version}", f"Near it: {near(version, plugins)}. All: {LIST}")
    if (agents := published(AGENTS)) and version not in agents:
        remedy = "make an environment of your own and name it: pytest suites/anam --implementation-python PATH/bin/python"
        fail(USAGE, f"{PLUGIN} {version} has no {AGENTS} of the same version to run with", remedy)
    fail(ENVIRONMENT, f"{PLUGIN} {version} cannot be installed with {AGENTS} {version}:\n{said.strip()}")


def published(package: str) -> list[Version]:
    """Return the versions that the index offers, oldest first; none when it does not answer."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "index", "versions", package]
    listed = re.search(r"^Available versions: (.*)$", run(command).stdout, re.MULTILINE)
    return sorted(Version(word) for word in listed[1].split(", ")) if listed else []


def near(version: Version, known: list[Version]) -> str:
    """Return the names of the published versions on either side."""
    at = bisect.bisect(known, version)
    return ", ".join(str(one) for one in known[max(0, at - NEAR) : at + NEAR])


def uv(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the uv of .venv."""
    return run([str(Path(sys.executable).with_name("uv")), *arguments])


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command and keep what it says."""
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours, no shell


def tell(line: str) -> None:
    """Write one line for a person; standard output is for the path alone."""
    sys.stderr.write(f"{line}\n")


def fail(code: int, cause: str, remedy: str = "") -> NoReturn:
    """Say what is wrong and end with this exit code."""
    tell(f"anam: {cause}{f'. {remedy}' if remedy else ''}")
    sys.exit(code)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(2)
