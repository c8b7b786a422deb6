"""A livekit-server that is already on this machine: on PATH, or in our cache."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockvendors import paths
from mockvendors.room import pin
from mockvendors.room.livekit import LiveKit, Say, WayMissing
from mockvendors.room.process import running_binary

FROM_PATH = "install one: `brew install livekit`, or `curl -sSL https://get.livekit.io | bash` on Linux"


def on_path() -> Path | None:
    """Return livekit-server as the shell would find it."""
    found = shutil.which("livekit-server")
    return Path(found).absolute() if found else None


def cached() -> Path:
    """Return where the pinned version's binary lies once it has been built."""
    return paths.cache() / f"livekit-server-{pin.version()}"


def is_program(file: Path) -> bool:
    """Tell whether the file is there and may be run."""
    return file.is_file() and os.access(file, os.X_OK)


@contextmanager
def from_path(_say: Say) -> Iterator[LiveKit]:
    """Run the livekit-server on PATH."""
    binary = on_path()
    if binary is None:
        raise WayMissing("no livekit-server on PATH", FROM_PATH)
    with running_binary(binary, "path") as livekit:
        yield livekit


@contextmanager
def from_cache(_say: Say) -> Iterator[LiveKit]:
    """Run the binary that an earlier build left in the cache."""
    if not is_program(cached()):
        raise WayMissing(f"no {cached()}", f"copy a livekit-server {pin.version()} to {cached()}")
    with running_binary(cached(), "cache") as livekit:
        yield livekit
