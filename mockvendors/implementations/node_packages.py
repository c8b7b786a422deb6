"""Folders of npm packages in the user's cache: one for each version of a plugin, made once, whoever asks for it.

A folder counts only once its mark is written, which is the last step; what a killed run left has no mark and is made anew.
npm holds the lock too: while one runs that outlived its run, nobody touches what it writes to.
"""

import hashlib
import json
import platform
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from mockvendors import limits, paths
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.implementations.npm import Node, NotFound
from mockvendors.lock import locked

LAYOUT = "1"
"""Of a folder and its mark; with another number, all of them are made anew."""
MARK = "ready.json"
DIGEST = 12
"""Hexadecimal digits in a folder's name."""
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
        key = "\0".join([LAYOUT, self.plugin, self.version, platform.system(), platform.machine(), platform.libc_ver()[0]])
        digest = hashlib.sha256(key.encode()).hexdigest()[:DIGEST]
        name = self.plugin.removeprefix("@").replace("/", "-")
        return paths.cache().absolute() / "node" / f"{name}-{self.version}-{digest}"


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
    folder = wish.folder
    if found := ready(wish):
        return found
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(f"{folder.name}.lock")
        with locked(lock, limits.scaled(limits.ENVIRONMENT_MAKE), say, f"another run, which makes {folder}") as held:
            return ready(wish) or _make(wish, node, say, held)
    except OSError as why:
        raise EnvironmentFault(
            f"no packages can be put into {folder.parent} ({why.strerror or why})",
            "Make room there and let yourself write, or name another folder: export XDG_CACHE_HOME=...",
        ) from why


def ready(wish: Wish) -> Packages | None:
    """Return what a folder holds, if it was made to the end and has its packages still."""
    folder = wish.folder
    try:
        pairing = str(json.loads((folder / MARK).read_text())["pairing"])
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
    made = False
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir()
        (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}, indent=2))
        node.install(folder, held)
        for unused in (folder / "node_modules").glob(UNUSED):
            shutil.rmtree(unused)
        pairing = f"{FRAMEWORK} {wanted[FRAMEWORK]} and {ROOM} {wanted[ROOM]}, the newest that the plugin asks for"
        _mark(folder, pairing)
        made = True
    finally:
        if not made:
            shutil.rmtree(folder, ignore_errors=True)
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


def _mark(folder: Path, pairing: str) -> None:
    new = folder / f"{MARK}.new"
    new.write_text(json.dumps({"pairing": pairing}, indent=2))
    new.replace(folder / MARK)
