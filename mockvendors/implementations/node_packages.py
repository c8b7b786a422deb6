"""Folders of npm packages in the user's cache: one for each version of a plugin, made once."""

import json
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.implementations import kept
from mockvendors.implementations.npm import Node, NotFound

FRAMEWORK = "@livekit/agents"
ROOM = "@livekit/rtc-node"
SERVER = "livekit-server-sdk"
UNUSED = "@livekit/local-inference-*"
"""Optional native packages of the framework, by which an agent hears that somebody speaks. Ours has no ears, and with them each
server starts a process of 335 MB, for seconds, before its first job."""
NEEDED = (FRAMEWORK, ROOM)
"""What the plugin is to ask for as its peers: without them it is none for LiveKit Agents."""


@dataclass(frozen=True)
class Wish:
    """A plugin of npm, and its version."""

    plugin: str
    version: str

    def __str__(self) -> str:
        return f"{self.plugin}@{self.version}"

    @property
    def folder(self) -> Path:
        """Where its packages lie, or will lie; some hold programs for one kind of machine alone."""
        digest = kept.digest(self.plugin, self.version, platform.system(), platform.machine(), platform.libc_ver()[0])
        name = self.plugin.removeprefix("@").replace("/", "-")
        return kept.root("node") / f"{name}-{self.version}-{digest}"


@dataclass(frozen=True)
class Packages:
    """A folder that is ready."""

    folder: Path
    pairing: str
    """What was put together, in words."""


def packages(wish: Wish, node: Node, say: Callable[[str], None]) -> Packages:
    """Return the folder of a plugin's version, which is made if it is not there or is broken.

    Raises UsageFault (no such version, no plugin for LiveKit Agents), EnvironmentFault.
    """
    return kept.once(
        wish.folder, lambda: ready(wish), lambda held: _make(wish, node, say, held), say, "no packages can be put into"
    )


def ready(wish: Wish) -> Packages | None:
    """Return what a folder holds, if it was made to the end and has its packages still."""
    folder = wish.folder
    try:
        pairing = str(json.loads((folder / kept.MARK).read_text())["pairing"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    whole = all((folder / "node_modules" / name / "package.json").is_file() for name in (wish.plugin, *NEEDED, SERVER))
    return Packages(folder, pairing) if whole else None


def newest(plugin: str, node: Node) -> str:
    """Return the version that npm takes where none is named. Raises UsageFault, EnvironmentFault."""
    try:
        return str(node.view(plugin, "version"))
    except NotFound:
        raise UsageFault(
            f"npm knows no package {plugin}", "Write its whole name, like node:@livekit/agents-plugin-anam"
        ) from None


def _make(wish: Wish, node: Node, say: Callable[[str], None], held: int) -> Packages:
    wanted, folder = _wanted(wish, node), wish.folder
    say(f"installs {wish} from npm into {folder}: about 30 s, only this once")
    began = time.monotonic()
    with kept.whole_or_gone(folder):
        folder.mkdir()
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}, indent=2))
        node.install(folder, held)
        for unused in (folder / "node_modules").glob(UNUSED):
            shutil.rmtree(unused)
        pairing = f"{FRAMEWORK} {wanted[FRAMEWORK]} and {ROOM} {wanted[ROOM]}, the newest that the plugin asks for"
        kept.mark(folder, {"pairing": pairing})
    say(f"installed it in {time.monotonic() - began:.0f} s")
    found = ready(wish)
    if found is None:
        raise EnvironmentFault(f"npm installed {wish} without {', '.join((*NEEDED, SERVER))}", "Is its cache broken?")
    return found


def _wanted(wish: Wish, node: Node) -> dict[str, str]:
    """Return the plugin and each of its peers, with the one version that is installed."""
    try:
        peers = node.view(str(wish), "peerDependencies")
    except NotFound:
        raise _unknown(wish, node) from None
    peers = peers if isinstance(peers, Mapping) else {}
    if missing := [name for name in NEEDED if name not in peers]:
        raise UsageFault(
            f"{wish} is no plugin for LiveKit Agents: its peerDependencies do not name {' and '.join(missing)}",
            "Name one that is, like node:@livekit/agents-plugin-anam",
        )
    pins = {name: _newest_of(node.view(f"{name}@{wide}", "version")) for name, wide in peers.items()}
    return {wish.plugin: wish.version, **pins}


def _newest_of(versions: object) -> str:
    """Return the newest of what npm answers for a range: one version, or a list in no order."""
    return max(_versions(versions), key=_order)


def _versions(told: object) -> list[str]:
    return [str(one) for one in told] if isinstance(told, list) else [str(told)]


def _order(version: str) -> tuple[Version, bool]:
    release, _, before = version.partition("-")
    return Version(release), not before


def _unknown(wish: Wish, node: Node) -> UsageFault:
    newest(wish.plugin, node)  # raises where there is no such package at all
    known = node.view(wish.plugin, "versions")
    return UsageFault(f"npm has no {wish}", f"It has {', '.join(_versions(known)[-10:])}")
