"""`agents:FOLDER`: a plugin in development, installed editable into an environment of its own."""

import hashlib
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from mockvendors.drivers.command import livekit_agents_command
from mockvendors.errors import MockvendorsError, UsageFault
from mockvendors.implementations import modules, pairing
from mockvendors.implementations.environments import Environment, Filling, NotInstalled, Recipe, environment, out_of_reach
from mockvendors.implementations.implementation import Launch, Preparation
from mockvendors.implementations.interpreter import interpreter
from mockvendors.implementations.named import is_module, package

PROJECT = "pyproject.toml"
FILES = (PROJECT, "uv.lock", "uv.toml", "setup.py", "setup.cfg")
"""What says how a checkout is installed; where one of them changes, its environment is made anew."""


def is_path(what: str) -> bool:
    """Tell whether a text names a folder by its looks, and no module: it has a slash, or is `.` or `..`."""
    path = what.partition("#")[0]
    return "/" in path or path in {".", "..", "~"}


def read(what: str, python: str | None) -> "Checkout":
    """Return the checkout that `FOLDER` or `FOLDER#MODULE` names. Raises UsageFault."""
    path, _, module = what.partition("#")
    folder = Path(path).expanduser().absolute()
    if not folder.is_dir():
        raise UsageFault(f"there is no folder {path}", "Give the folder of the plugin's pyproject.toml, or a Python file")
    project = folder / PROJECT
    if not project.is_file():
        remedy = "Give the folder that `pip install -e` would be given; a package that is installed is named by its module"
        raise UsageFault(f"{path} has no {PROJECT}", remedy)
    try:
        tomllib.loads(project.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as why:
        raise UsageFault(f"{path}/{PROJECT} cannot be read: {why}", "Correct it") from why
    if module and not is_module(module):
        raise UsageFault(f"{module!r} is no module's name", f"Write it as it is imported: agents:{path}#livekit.plugins.anam")
    return Checkout(f"agents:{what}", folder, module or modules.find(folder, f"agents:{path}"), python)


@dataclass(frozen=True)
class Checkout:
    """A folder with a pyproject.toml, and the module in it."""

    text: str
    folder: Path
    module: str
    python: str | None
    """What the environment is to be made with; None: the Python of this run."""

    @property
    def known_as(self) -> str:
        """The package that its module is published in: what is known of that one holds for its next version as well."""
        return package(self.module)

    def prepare(self, how: Preparation) -> Launch:
        """Make its environment, unless it is there, and return how its driver is started."""
        made = self.provide(how.say, replay=how.replay)
        return Launch(
            tuple(livekit_agents_command(self.module, how.description, str(made.python), replay=how.replay)), pairing=made.pairing
        )

    def provide(self, say: Callable[[str], None], *, replay: bool) -> Environment:
        """Make its environment, unless it is there and nothing in the way it is installed has changed."""
        wishes = ("--editable", ".", *([pairing.REPLAY] if replay else []))  # a path may look like a requirement
        recipe = Recipe(
            name=self.folder.name or "checkout",
            python=interpreter(self.python),
            key=("checkout", str(self.folder), *wishes, *_state(self.folder), *pairing.key()),
            fill=lambda filling: self._fill(filling, wishes),
            where=self.folder,
        )
        return environment(recipe, say)

    def _fill(self, filling: Filling, wishes: tuple[str, ...]) -> str:
        try:
            return pairing.with_newest(filling, *wishes)
        except NotInstalled as failed:
            raise self._explained(failed) from failed

    def _explained(self, failed: NotInstalled) -> MockvendorsError:
        if failed.done.out_of_reach:
            return out_of_reach(f"what {self.folder} needs", failed)
        command = f"uv venv && uv pip install -e {quote(str(self.folder))} {pairing.FRAMEWORK}"
        remedy = f"See to it that this works: {command}; uv says:\n{failed}"
        return UsageFault(f"{self.folder} cannot be installed", remedy)


def _state(folder: Path) -> Iterator[str]:
    """Yield what is in the files that say how a checkout is installed, and in those of the repository above it (a workspace)."""
    above = [folder, *folder.parents]
    top = next((number for number, each in enumerate(above) if (each / ".git").exists()), 0)
    for place in above[: top + 1]:
        for file in (place / name for name in FILES):
            if file.is_file():
                yield f"{file} {hashlib.sha256(file.read_bytes()).hexdigest()}"
