"""uv, which makes environments: where it is, and how it is run."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mockvendors import limits
from mockvendors.errors import EnvironmentFault

FOREIGN = (
    "CONDA_PREFIX",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_BREAK_SYSTEM_PACKAGES",
    "UV_CONSTRAINT",
    "UV_OVERRIDE",
    "UV_PREFIX",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "UV_REQUIRE_HASHES",
    "UV_SYSTEM_PYTHON",
    "UV_TARGET",
    "VIRTUAL_ENV",
)
"""Variables that name the environment, or the requirements, of somebody else."""

NETWORK = ("Failed to fetch", "Failed to download", "Request failed", "error sending request", "network was disabled")
"""What it says where an index, or a file of it, is out of reach; a test holds them against the locked uv."""

TOLD_LINES = 15
"""Of its words, in an error message."""


@dataclass(frozen=True)
class Done:
    """How one run of it ended."""

    status: int
    result: str
    """Its standard output."""
    said: str
    """Its standard error, for people."""

    @property
    def out_of_reach(self) -> bool:
        """Tell whether it failed for want of a network or of an index."""
        return self.status != 0 and any(words in self.said for words in NETWORK)

    def told(self) -> str:
        """Return what it says of the failure, indented; what it did before is left out."""
        lines = self.said.strip().splitlines()
        begin = next((number for number, line in enumerate(lines) if line.startswith("error")), 0)
        return "\n".join(f"  {line}" for line in lines[begin:][:TOLD_LINES])


@dataclass(frozen=True)
class Uv:
    """The program."""

    program: str

    def run(self, *arguments: str, folder: Path, held: int | None = None, given: str = "") -> Done:
        """Run it in `folder`, whose settings it takes, with `given` as its standard input.

        `held` is a lock's descriptor, which it keeps open: whoever waits for the lock waits for it too, should we be killed.
        Raises EnvironmentFault where it does not come to an end.
        """
        limit = limits.scaled(limits.ENVIRONMENT_MAKE)
        try:
            done = subprocess.run(  # noqa: S603 - an argument vector, no shell
                [self.program, *arguments],
                cwd=folder,
                env=environment(os.environ),
                input=given,
                capture_output=True,
                text=True,
                timeout=limit,
                pass_fds=() if held is None else (held,),
                check=False,
            )
        except subprocess.TimeoutExpired:
            remedy = "Is the package index within reach, and quick? MOCKVENDORS_TIME_SCALE=3 gives it longer"
            raise EnvironmentFault(f"uv did not end within {limit:g} s: uv {' '.join(arguments)}", remedy) from None
        return Done(done.returncode, done.stdout, done.stderr)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's variables, which may name an index and its password, without what names another environment."""
    return {name: value for name, value in variables.items() if name not in FOREIGN}


def find() -> Uv:
    """Return the uv that was installed with mockvendors, else the one on the PATH. Raises EnvironmentFault."""
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - only where an environment is made, and it may be missing

        return Uv(find_uv_bin())
    except (ImportError, FileNotFoundError):
        program = shutil.which("uv")
    if program is None:
        raise EnvironmentFault("there is no uv, which makes environments", "Install it: pip install uv")
    return Uv(program)
