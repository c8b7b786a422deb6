"""`exec:`: a driver of your own, in any language: a program and its arguments."""

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from mockvendors.errors import UsageFault
from mockvendors.implementations.implementation import Implementation, Launch, Preparation

FORM = "exec:PROGRAM [ARGUMENT...], a driver of your own"


def read(what: str, python: str | None) -> Implementation:  # noqa: ARG001 - the interpreter is of the Python plugins beside it
    """Return the program that a text names, written as in a shell; no shell reads it."""
    try:
        words = shlex.split(what)
    except ValueError as exc:
        raise UsageFault(f"exec:{what} cannot be read: {exc}", "Quote its arguments as in a shell") from exc
    if not words:
        raise UsageFault("exec: names no program", f"Write {FORM}")
    return ProgramDriver(f"exec:{what}", (program(words[0]), *words[1:]))


def program(name: str) -> str:
    """Return the path of a program. Raises UsageFault where there is none, or none that may be run."""
    if "/" not in name:
        found = shutil.which(name)
        if found is None:
            raise UsageFault(f"there is no program {name} on the PATH", f"Install it, or write where it lies: exec:./{name}")
        return found
    path = Path(name).expanduser().absolute()
    if not path.is_file():
        raise UsageFault(f"there is no program {name}", "Build the driver, or give its path")
    if not os.access(path, os.X_OK):
        raise UsageFault(f"{name} is no program that may be run", f"chmod +x {name}, or name its interpreter before it")
    return str(path)


@dataclass(frozen=True)
class ProgramDriver:
    """A program that speaks the driver protocol, and its arguments."""

    text: str
    command: tuple[str, ...]

    @property
    def known_as(self) -> str:
        """Nobody published it."""
        return ""

    def prepare(self, how: Preparation) -> Launch:
        """Return how it is started; whoever can replay is told by the argument that our own drivers know."""
        replay = ("--replay",) if how.replay else ()
        return Launch((*self.command, *replay), strange=True)
