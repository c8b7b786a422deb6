"""`py:`: a driver of your own as a Python object, served in a process of its own."""

import sys
from dataclasses import dataclass
from pathlib import Path

from mockvendors import drivers
from mockvendors.drivers.command import own_path
from mockvendors.errors import UsageFault
from mockvendors.implementations.implementation import Implementation, Launch, Preparation
from mockvendors.implementations.interpreter import interpreter

FORM = "py:MODULE:FACTORY or py:FILE.py:FACTORY, a driver of your own as a Python object"


def read(what: str, python: str | None) -> Implementation:
    """Return the object that a module, or a file, and the name of what makes it name."""
    module, _, factory = what.rpartition(":")
    file = module.endswith(".py")
    if not factory.isidentifier() or not (file or all(part.isidentifier() for part in module.split("."))):
        raise UsageFault(f"py:{what} names no object", f"Write {FORM}, like py:my_package.driver:make")
    if file and not Path(module).is_file():
        raise UsageFault(f"there is no file {module}", "Give the path of the object's module")
    path = str(Path(module).absolute()) if file else module
    return ObjectDriver(f"py:{what}", f"{path}:{factory}", python)


@dataclass(frozen=True)
class ObjectDriver:
    """An object whose methods are named as the protocol's commands, in this run's environment or in another."""

    text: str
    named: str
    python: str | None

    @property
    def known_as(self) -> str:
        """Nobody published it."""
        return ""

    def prepare(self, how: Preparation) -> Launch:
        """Return how the ready adapter serves it."""
        if how.replay:
            raise UsageFault("the driver of Python objects cannot replay", f"Judge {self.text} without --vendor-mode cassette")
        program = interpreter(self.python).program if self.python else sys.executable
        adapter = Path(drivers.__path__[0], "python_object")
        return Launch((program, str(adapter), "--object", self.named), own_path(self.python))
