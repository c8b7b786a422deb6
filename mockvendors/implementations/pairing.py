"""Which livekit-agents an old or a foreign plugin is judged with, and what that needs beside, told in words."""

from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from mockvendors.implementations.environments import Filling

FRAMEWORK = "livekit-agents"

REPLAY = "vcrpy>=7"
"""What the ready driver replays with."""


@dataclass(frozen=True)
class Repair:
    """What some versions of the framework need today and do not ask for."""

    versions: SpecifierSet
    requirement: str
    why: str


REPAIRS = (
    Repair(SpecifierSet("<1.6.10"), "httpx", "which it imports and nothing brings any more"),
    Repair(SpecifierSet(">=1.3,<1.3.6"), "opentelemetry-sdk<1.39", "since it imports what later ones no longer have"),
)
"""As tried: plugin and framework of one version, in an environment of today."""


def repairs(version: str) -> list[Repair]:
    """Return what a version of the framework needs beside."""
    return [repair for repair in REPAIRS if repair.versions.contains(version, prereleases=True)]


def key() -> tuple[str, ...]:
    """Return all of it as texts: an environment is made anew where this file has learnt something."""
    return tuple(f"{repair.versions} {repair.requirement}" for repair in REPAIRS)


def with_same(filling: Filling, version: str, *wishes: str) -> str:
    """Install what is wished with the framework of this version, and say so. Raises NotInstalled."""
    needed = repairs(version)
    filling.install(*wishes, f"{FRAMEWORK}=={version}", *(repair.requirement for repair in needed))
    return _told(filling, "of the same version", needed)


def with_newest(filling: Filling, *wishes: str) -> str:
    """Install what is wished with the newest framework that fits, and say so. Raises NotInstalled."""
    filling.install(*wishes, FRAMEWORK)
    version = filling.version(FRAMEWORK)
    needed = repairs(version)
    if needed:
        filling.install(*wishes, f"{FRAMEWORK}=={version}", *(repair.requirement for repair in needed))
    return _told(filling, "as it names its sources" if filling.from_sources(FRAMEWORK) else "the newest that fits", needed)


def _told(filling: Filling, which: str, needed: list[Repair]) -> str:
    parts = [f"{FRAMEWORK} {filling.version(FRAMEWORK)}, {which}"]
    parts += [f"{repair.requirement} beside it, {repair.why}" for repair in needed]
    parts += [f"{pin} was taken back by its publisher ({why})" for pin, why in sorted(filling.taken_back.items())]
    return "; ".join(parts)
