"""Look at this machine and say what a session would find: nothing is started, downloaded or asked beyond loopback."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from docker.errors import DockerException

from mockvendors import limits
from mockvendors.errors import MockvendorsError
from mockvendors.room import build, docker_server, given, network, pin
from mockvendors.room.ask import ask, is_loopback
from mockvendors.room.binary import FROM_PATH, cached, is_program, on_path
from mockvendors.room.livekit import WayMissing
from mockvendors.room.server import NONE, RESTRICTION, WAYS, restriction

_NEEDED = ("Python", "Network", "LiveKit", "package livekit")
_PYTHON = (3, 11)
_ABSENT = "not there"
"""How `found` begins when a run would pass over this way; any other way that is not ok is there and broken."""
_PACKAGES = {
    "livekit": "pip install livekit",
    "livekit-agents": "pip install livekit-agents",
    "livekit-plugins-anam": "pip install livekit-plugins-anam  # to judge it in this environment",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` is what makes it ok, empty when it is."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def examine() -> list[Finding]:
    """Return what is here and what is missing, the ways to LiveKit in the order in which a run tries them."""
    ways = {"url": _url(), "path": _path(), "cache": _cache(), "docker": _docker(), "build": _go()}
    return [_python(), _network(), *ways.values(), _livekit(ways), *(_package(name) for name in _PACKAGES)]


def can_run(findings: list[Finding]) -> bool:
    """Tell whether a session can run here; one way to LiveKit is enough, and plugins may live in other environments."""
    return all(finding.ok for finding in findings if finding.name in _NEEDED)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    found = f"{version}, {sys.executable}"
    if sys.version_info >= _PYTHON:
        return Finding("Python", ok=True, found=found)
    return Finding("Python", ok=False, found=found, remedy="install Python 3.11 or newer")


def _network() -> Finding:
    found = network.usable()
    if found is None:
        return Finding("Network", ok=False, found=network.NONE, remedy=network.REMEDY)
    return Finding("Network", ok=True, found=found or "not looked for on this system")


def _url() -> Finding:
    try:
        server = given.read()
    except MockvendorsError as fault:
        return Finding("LIVEKIT_URL", ok=False, found=fault.cause, remedy=fault.remedy)
    if server is None:
        return Finding("LIVEKIT_URL", ok=False, found=_ABSENT, remedy=given.REMEDY)
    if not is_loopback(server.url):
        host = urlsplit(server.url).hostname
        return Finding("LIVEKIT_URL", ok=True, found=f"{server.url} (not asked: {host} is not this machine)")
    answer, detail = ask(server.http_url, server.api_key, server.api_secret, limits.scaled(limits.LIVEKIT_ASK))
    if answer == "ours":
        return Finding("LIVEKIT_URL", ok=True, found=server.url)
    return Finding(
        "LIVEKIT_URL", ok=False, found=f"{server.url} {given.TELL[answer][0]} ({detail})", remedy=given.TELL[answer][1]
    )


def _path() -> Finding:
    binary = on_path()
    if binary is None:
        return Finding("livekit-server on PATH", ok=False, found=_ABSENT, remedy=FROM_PATH)
    return _program("livekit-server on PATH", binary, "--version", "replace or remove it")


def _cache() -> Finding:
    if not is_program(cached()):
        remedy = "the first run with Go on PATH builds it"
        return Finding("livekit-server in the cache", ok=False, found=f"{_ABSENT}: {cached()}", remedy=remedy)
    return _program("livekit-server in the cache", cached(), "--version", f"delete {cached()}")


def _docker() -> Finding:
    try:
        client = docker_server.connect()
    except WayMissing as missing:
        return Finding("Docker", ok=False, found=f"{_ABSENT}: {missing.cause}", remedy=missing.remedy)
    try:
        version = client.version()["Version"]
        if docker_server.has_image(client, pin.image()):
            return Finding("Docker", ok=True, found=f"{version}, with {pin.image()}")
        found = f"{version}, without {pin.image()}: a run would pull it"
        return Finding("Docker", ok=True, found=found, remedy=f"docker pull {pin.image()}")
    except (DockerException, OSError) as why:
        return Finding("Docker", ok=False, found=f"{_ABSENT}: the daemon fails ({why})", remedy="see what `docker info` says")
    finally:
        client.close()


def _go() -> Finding:
    go = shutil.which("go")
    if go is None:
        return Finding("Go", ok=False, found=_ABSENT, remedy=build.NO_GO)
    return _program("Go", Path(go), "version", "repair or remove it")


def _program(name: str, program: Path, argument: str, remedy: str) -> Finding:
    """Run the program for its version: one that cannot even tell that is broken."""
    try:
        run = subprocess.run(  # noqa: S603 - the very program that a session would run
            [program, argument],
            capture_output=True,
            text=True,
            timeout=limits.scaled(limits.PROGRAM_VERSION),
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as why:
        return Finding(name, ok=False, found=f"{program} does not run ({why})", remedy=remedy)
    return Finding(name, ok=True, found=f"{program} ({run.stdout.strip()})")


def _livekit(ways: dict[str, Finding]) -> Finding:
    """Say which way a run would take: the first that is there, even when it is broken, of those that are allowed."""
    try:
        only = restriction()
    except MockvendorsError as fault:
        return Finding("LiveKit", ok=False, found=fault.cause, remedy=fault.remedy)
    if only == NONE:
        return Finding("LiveKit", ok=False, found=f"switched off by {RESTRICTION}=none", remedy=f"unset {RESTRICTION}")
    allowed = [only] if only else list(WAYS)
    for name in allowed:
        way = ways[name]
        if way.ok:
            return Finding("LiveKit", ok=True, found=f"a run would take: {name}")
        if not way.found.startswith(_ABSENT):
            return Finding("LiveKit", ok=False, found=f"a run would take {name} and fail", remedy=way.remedy)
    if only:
        found = f"not there: {only}, the only way that {RESTRICTION} allows"
        return Finding("LiveKit", ok=False, found=found, remedy=ways[only].remedy)
    return Finding("LiveKit", ok=False, found="no way is open", remedy="any one of the ways above")


def _package(name: str) -> Finding:
    try:
        return Finding(f"package {name}", ok=True, found=metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(f"package {name}", ok=False, found=_ABSENT, remedy=_PACKAGES[name])
