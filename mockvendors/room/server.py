"""Find a LiveKit server or start one: the order of the ways, and what is said when none is open."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.room import network
from mockvendors.room.ask import is_loopback
from mockvendors.room.binary import from_cache, from_path
from mockvendors.room.build import from_build
from mockvendors.room.given import from_url
from mockvendors.room.livekit import LiveKit, Say, WayMissing

__all__ = ["RESTRICTION", "WAYS", "LiveKit", "livekit_server", "restriction"]

Way = Callable[[Say], AbstractContextManager[LiveKit]]

RESTRICTION = "MOCKVENDORS_LIVEKIT"


def from_docker(say: Say) -> AbstractContextManager[LiveKit]:
    """Load the docker package, a quarter of a second, only when its turn comes."""
    from mockvendors.room import docker_server  # noqa: PLC0415 - the line above

    return docker_server.from_docker(say)


WAYS: dict[str, Way] = {
    "url": from_url,
    "path": from_path,
    "cache": from_cache,
    "docker": from_docker,
    "build": from_build,
}
"""In the order in which they are tried; a key is a value of MOCKVENDORS_LIVEKIT."""

NONE = "none"


@contextmanager
def livekit_server(say: Say) -> Iterator[LiveKit]:
    """Yield a LiveKit server that has answered; if we started it, it ends with the block, or with us.

    `say` gets one line that names the source, and lines of progress while a build or a download takes long.
    """
    with ExitStack() as stack:
        livekit = _first_open(stack, say)
        if is_loopback(livekit.url):
            network.check()
        version = f" {livekit.version}" if livekit.version else ""
        say(f"LiveKit{version} at {livekit.url}, taken from: {livekit.source}")
        yield livekit


def restriction() -> str | None:
    """Return the one way that MOCKVENDORS_LIVEKIT allows, "none", or None when all are allowed."""
    value = os.environ.get(RESTRICTION, "").strip()
    if value and value != NONE and value not in WAYS:
        raise UsageFault(f"{RESTRICTION} is {value!r}", f"Set it to one of {', '.join(WAYS)}, none; or unset it")
    return value or None


def _first_open(stack: ExitStack, say: Say) -> LiveKit:
    only = restriction()
    if only == NONE:
        raise EnvironmentFault(f"LiveKit is switched off by {RESTRICTION}=none", f"Unset {RESTRICTION}")
    missing: list[WayMissing] = []
    for name, way in WAYS.items():
        if only in (None, name):
            try:
                return stack.enter_context(way(say))
            except WayMissing as why:
                missing.append(why)
    if only is not None:
        raise EnvironmentFault(
            f"{missing[0].cause}, and {RESTRICTION}={only} allows no other way",
            f"Either {missing[0].remedy}; or unset {RESTRICTION}",
        )
    raise EnvironmentFault(
        "no LiveKit server: " + "; ".join(way.cause for way in missing),
        "One of these is enough:" + "".join(f"\n  - {way.remedy}" for way in missing),
    )
