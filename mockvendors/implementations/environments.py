"""Environments in the user's cache: each made once by uv. None is relocatable, so it is made where it stays."""

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from mockvendors.errors import EnvironmentFault
from mockvendors.implementations import kept
from mockvendors.implementations import uv as uvs
from mockvendors.implementations.interpreter import Interpreter
from mockvendors.implementations.uv import Done, Uv


class NotInstalled(Exception):
    """uv could not install what was asked for; `done` has its words."""

    def __init__(self, done: Done) -> None:
        super().__init__(done.told())
        self.done = done


def out_of_reach(what: str, failed: NotInstalled) -> EnvironmentFault:
    """Return what to say where the index did not answer."""
    remedy = f"Is there a network? Another index is named so: export UV_DEFAULT_INDEX=https://... uv says:\n{failed}"
    return EnvironmentFault(f"no package index is within reach to install {what} from", remedy)


@dataclass
class Filling:
    """An environment that is being made: empty at first, and nobody else's."""

    uv: Uv
    folder: Path
    held: int
    where: Path
    """The folder whose settings uv takes."""
    taken_back: dict[str, str] = field(default_factory=dict)
    """What was installed although its publisher took it back, with the publisher's reason."""

    def install(self, *requirements: str) -> None:
        """Install what fits together; raises NotInstalled."""
        done = self._uv("pip", "install", "--python", str(python_in(self.folder)), *requirements)
        if done.status != 0:
            raise NotInstalled(done)
        self.taken_back.update(re.findall(r"`(.*)` is yanked \(reason: \"(.*)\"\)", done.said))

    def offers(self, requirement: str) -> bool:
        """Tell whether a package, or a version, is published, be it for another Python. Raises NotInstalled without an index."""
        done = self._looked_up(requirement)
        return done.status == 0 or "does not satisfy Python" in done.said

    def nearest(self, requirement: str, *options: str) -> str:
        """Return the version that uv takes of all that a requirement allows; empty where there is none."""
        return self._looked_up(requirement, *options).result.strip().rpartition("==")[2]

    def version(self, package: str) -> str:
        """Return the installed version of a package; empty where there is none."""
        found = self._find(package)
        return str(found.version) if found else ""

    def from_sources(self, package: str) -> bool:
        """Tell whether an installed package came from a folder or an address that was named, and from no index."""
        found = self._find(package)
        return found is not None and found.read_text("direct_url.json") is not None

    def _find(self, package: str) -> Distribution | None:
        return next((found for found in _packages(self.folder) if canonicalize_name(found.metadata["Name"]) == package), None)

    def _looked_up(self, requirement: str, *options: str) -> Done:
        asked = ("pip", "compile", "--quiet", "--no-deps", "--no-header", "--no-annotate", *options)
        done = self._uv(*asked, "--python", str(python_in(self.folder)), "-", given=requirement)
        if done.out_of_reach:
            raise NotInstalled(done)
        return done

    def _uv(self, *arguments: str, given: str = "") -> Done:
        return self.uv.run(*arguments, folder=self.where, held=self.held, given=given)


@dataclass(frozen=True)
class Recipe:
    """What an environment is made of."""

    name: str
    """For people: its folder's name begins with it."""
    python: Interpreter
    key: tuple[str, ...]
    """All that goes in beside the Python: two recipes that differ here have two environments."""
    fill: Callable[[Filling], str]
    """Installs what goes in, and returns in words what was put together. May raise a MockvendorsError: nothing is kept then."""
    where: Path | None = None
    """The folder whose settings uv takes; None: no project's."""

    def folder(self) -> Path:
        """Return where it lies, or will lie."""
        digest = kept.digest(self.python.version, self.python.home, *self.key)
        short = ".".join(self.python.version.split(".")[:2])
        name = re.sub(r"[^\w.-]+", "-", self.name)
        return root() / f"{name}-python{short}-{digest}"


@dataclass(frozen=True)
class Environment:
    """An environment that is ready."""

    python: Path
    pairing: str
    """What was put together, in words."""


def root() -> Path:
    """Return the folder that holds all of them; it may not exist yet."""
    return kept.root("environments")


def environment(recipe: Recipe, say: Callable[[str], None], uv: Uv | None = None) -> Environment:
    """Return an environment, which is made if it is not there or is broken. Raises what its recipe raises, EnvironmentFault."""
    folder = recipe.folder()

    def make(held: int) -> Environment:
        return _make(recipe, folder, say, Filling(uv or uvs.find(), folder, held, recipe.where or folder.parent))

    return kept.once(folder, lambda: ready(folder), make, say, "no environment can be made in")


def ready(folder: Path) -> Environment | None:
    """Return the environment that a folder holds, if it was made to the end and has its Python and its packages still."""
    try:
        mark = json.loads((folder / kept.MARK).read_text())
        found = Environment(python_in(folder), mark["pairing"])
        packages = set(mark["packages"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = os.access(found.python, os.X_OK) and packages <= _names(folder)  # access follows the link to its Python
    return found if whole else None


def python_in(folder: Path) -> Path:
    """Return the interpreter of an environment."""
    return folder / "bin" / "python"


def _make(recipe: Recipe, folder: Path, say: Callable[[str], None], filling: Filling) -> Environment:
    say(f"makes an environment for {recipe.name} in {folder}: about 25 s, only this once")
    began = time.monotonic()
    with kept.whole_or_gone(folder):
        done = filling.uv.run(
            "venv", "--quiet", "--clear", "--python", recipe.python.program, str(folder), folder=filling.where, held=filling.held
        )
        if done.status != 0:
            raise EnvironmentFault(
                f"{recipe.python.program} makes no environment", f"Give another Python; uv says:\n{done.told()}"
            )
        pairing = recipe.fill(filling)
        kept.mark(folder, {"pairing": pairing, "packages": sorted(_names(folder))})
    say(f"made it in {time.monotonic() - began:.0f} s")
    return Environment(python_in(folder), pairing)


def _packages(folder: Path) -> list[Distribution]:
    return list(distributions(path=[str(site) for site in folder.glob("lib/python*/site-packages")]))


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("lib/python*/site-packages/*.dist-info")}
