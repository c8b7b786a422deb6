"""The Python that an environment is made with: the one of this run, or the one that the caller names."""

import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass

from mockvendors import limits
from mockvendors.errors import UsageFault

OLDEST = (3, 10)
"""What the ready driver can be run with."""

REMEDY = "Give a Python that runs here, by its name or path: --implementation-python python3.12"
_ASK = "import platform, sys; print(platform.python_version(), sys.base_prefix, sep='\\n')"


@dataclass(frozen=True)
class Interpreter:
    """A Python; environments that were made with two that differ in any of these are not shared."""

    program: str
    version: str
    """Like `3.11.7`."""
    home: str
    """Where it is installed, also where `program` is that of an environment."""


def interpreter(python: str | None) -> Interpreter:
    """Return the Python that a name or a path names, or that of this run. Raises UsageFault."""
    if python is None:
        return Interpreter(sys.executable, platform.python_version(), sys.base_prefix)
    found = shutil.which(python)
    if found is None:
        raise UsageFault(f"there is no interpreter {python}", REMEDY)
    program = os.path.abspath(found)  # noqa: PTH100 - a link in an environment is not to be followed out of it
    version, home = _asked(program, python)
    if tuple(int(number) for number in version.split(".")[:2]) < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise UsageFault(f"{python} is Python {version}; a plugin is driven by {needed} or newer", REMEDY)
    return Interpreter(program, version, home)


def _asked(program: str, python: str) -> tuple[str, str]:
    limit = limits.scaled(limits.PROGRAM_VERSION)
    try:
        done = subprocess.run([program, "-I", "-c", _ASK], capture_output=True, text=True, timeout=limit, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as why:
        raise UsageFault(f"{python} does not run ({why})", REMEDY) from why
    lines = done.stdout.splitlines()
    if done.returncode != 0 or len(lines) != 2 or not lines[0][:1].isdigit():  # noqa: PLR2004 - the two that were asked for
        said = next(iter(f"{done.stderr}\n{done.stdout}".strip().splitlines()), f"exit code {done.returncode}")
        raise UsageFault(f"{python} is no Python that runs ({said})", REMEDY)
    return lines[0], lines[1]
