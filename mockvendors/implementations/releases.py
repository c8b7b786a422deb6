"""`agents:MODULE==VERSION`: a published version of a plugin, in an environment of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from mockvendors.drivers.command import livekit_agents_command
from mockvendors.errors import EnvironmentFault, MockvendorsError, UsageFault
from mockvendors.implementations import pairing
from mockvendors.implementations.environments import Environment, Filling, NotInstalled, Recipe, environment, out_of_reach
from mockvendors.implementations.implementation import Launch, Preparation
from mockvendors.implementations.interpreter import interpreter
from mockvendors.implementations.named import is_module, package

OWN = "livekit.plugins."
"""Modules of livekit's own plugins, each version of which is published with a framework of the same version."""

OWN_ENVIRONMENT = (
    "Make an environment yourself and name its Python: --implementation agents:{} --implementation-python PATH/bin/python"
)


def read(what: str, python: str | None) -> "Release":
    """Return the version that `MODULE==VERSION` names, or `PACKAGE==VERSION#MODULE`. Raises UsageFault."""
    name, _, rest = what.partition("==")
    wanted, _, module = rest.partition("#")
    name, wanted, module = name.strip(), wanted.strip(), module.strip()
    try:
        version = Version(wanted)
    except InvalidVersion:
        raise UsageFault(
            f"{wanted!r} is no version of {name}", f"Write one that is published, like agents:{name}==1.8.0"
        ) from None
    if not is_module(module or name):
        remedy = f"Write it as it is imported; its package may stand before: agents:{name or 'PACKAGE'}=={version}#MODULE"
        raise UsageFault(f"{module or name!r} is no module's name", remedy)
    return Release(f"agents:{what}", package(name), str(version), module or name, python)


@dataclass(frozen=True)
class Release:
    """A published package, and the module in it."""

    text: str
    known_as: str
    """The package."""
    version: str
    module: str
    python: str | None
    """What the environment is to be made with; None: the Python of this run."""

    @property
    def pin(self) -> str:
        """The package and its version, as a requirement."""
        return f"{self.known_as}=={self.version}"

    def prepare(self, how: Preparation) -> Launch:
        """Make its environment, unless it is there, and return how its driver is started."""
        made = self.provide(how.say, replay=how.replay)
        return Launch(
            tuple(livekit_agents_command(self.module, how.description, str(made.python), replay=how.replay)), pairing=made.pairing
        )

    def provide(self, say: Callable[[str], None], *, replay: bool) -> Environment:
        """Make its environment, unless it is there."""
        wishes = (self.pin, *([pairing.REPLAY] if replay else []))
        recipe = Recipe(
            name=f"{self.known_as}-{self.version}",
            python=interpreter(self.python),
            key=("release", *wishes, str(self._own), *pairing.key()),
            fill=lambda filling: self._fill(filling, wishes),
        )
        return environment(recipe, say)

    @property
    def _own(self) -> bool:
        return self.module.startswith(OWN)

    def _fill(self, filling: Filling, wishes: tuple[str, ...]) -> str:
        try:
            if self._own and filling.offers(f"{pairing.FRAMEWORK}=={self.version}"):
                return pairing.with_same(filling, self.version, *wishes)
            return pairing.with_newest(filling, *wishes)
        except NotInstalled as failed:
            raise self._explained(filling, failed) from failed

    def _explained(self, filling: Filling, failed: NotInstalled) -> MockvendorsError:
        """Return why it cannot be installed: no such package, no such version, no framework, or something of this machine."""
        name, version = self.known_as, self.version
        try:
            if failed.done.out_of_reach:
                raise failed
            if not filling.offers(name):
                remedy = f"Where module and package have different names, write agents:PACKAGE=={version}#{self.module}"
                return UsageFault(f"no package {name} is published", remedy)
            if not filling.offers(self.pin):
                return UsageFault(f"there is no {name} {version}", f"Near it: {self._near(filling)}")
            alone = self._own and not filling.offers(f"{pairing.FRAMEWORK}=={version}")
        except NotInstalled as unreachable:
            return out_of_reach(f"{name} {version}", unreachable)
        remedy = f"{OWN_ENVIRONMENT.format(self.module)}; uv says:\n{failed}"
        if alone:
            return UsageFault(f"{name} {version} has no {pairing.FRAMEWORK} of the same version, and fits no other", remedy)
        return EnvironmentFault(f"{name} {version} and a {pairing.FRAMEWORK} for it cannot be installed here", remedy)

    def _near(self, filling: Filling) -> str:
        """Return the published versions on either side."""
        below = filling.nearest(f"{self.known_as}<{self.version}")
        above = filling.nearest(f"{self.known_as}>{self.version}", "--resolution", "lowest")
        return ", ".join(filter(None, [below, above]))
