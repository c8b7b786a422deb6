"""`agents:`: a Python plugin for LiveKit Agents, run by the ready driver."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from mockvendors.drivers.command import livekit_agents_command, own_path
from mockvendors.errors import UsageFault
from mockvendors.implementations import checkouts, releases
from mockvendors.implementations.implementation import Implementation, Launch, Preparation
from mockvendors.implementations.named import is_module, package

FORMS = "agents:MODULE, agents:MODULE==VERSION, agents:FILE.py or agents:FOLDER"
"""How it is written."""


def read(what: str, python: str | None) -> Implementation:
    """Return the plugin that a module's name, one with a version, a file's path, or a checkout's, names."""
    if not what.endswith(".py") and checkouts.is_path(what):
        return checkouts.read(what, python)
    if "==" in what:
        return releases.read(what, python)
    if Path(what).name == "__init__.py":
        raise UsageFault(
            f"{what} is a package", "Give the folder of its pyproject.toml, or its module's name where it is installed"
        )
    if what.endswith(".py") and not Path(what).is_file():
        raise UsageFault(f"there is no file {what}", "Give the path of the plugin's module")
    if not what.endswith(".py") and not is_module(what):
        raise UsageFault(f"{what!r} is no module's name", f"Write one of {FORMS}")
    if python and shutil.which(python) is None:
        raise UsageFault(f"there is no interpreter {python}", "Give the python of the environment that holds the plugin")
    return Plugin(f"agents:{what}", what, python)


@dataclass(frozen=True)
class Plugin:
    """A module, or a file, in an environment that is there: of this run, or of the interpreter that the caller named."""

    text: str
    module: str
    python: str | None

    @property
    def known_as(self) -> str:
        """The package's name; a file has none."""
        return "" if self.module.endswith(".py") else package(self.module)

    def prepare(self, how: Preparation) -> Launch:
        """Return how its driver is started."""
        command = livekit_agents_command(self.module, how.description, self.python, replay=how.replay)
        return Launch(tuple(command), own_path(self.python))
