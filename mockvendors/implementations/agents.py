"""`agents:`: a Python plugin for LiveKit Agents, run by the ready driver."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from mockvendors.drivers.command import livekit_agents_command, own_path
from mockvendors.errors import UsageFault
from mockvendors.implementations.implementation import Implementation, Launch, Preparation


def read(what: str, python: str | None) -> Implementation:
    """Return the plugin that a module's name, or a file's path, names."""
    if Path(what).name == "__init__.py" or ("/" in what and Path(what).is_dir()):
        raise UsageFault(f"{what} is a package", "Install it (pip install -e ...), and write agents: with its module's name")
    if what.endswith(".py") and not Path(what).is_file():
        raise UsageFault(f"there is no file {what}", "Give the path of the plugin's module")
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


def package(module: str) -> str:
    """Return the name under which a plugin's module is published: `livekit.plugins.anam` is livekit-plugins-anam."""
    return module.replace(".", "-").replace("_", "-")
