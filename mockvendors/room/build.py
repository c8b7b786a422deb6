"""Build the pinned LiveKit server with Go into the cache: once, however many runs want it at the same time."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.lock import TELL_EVERY, locked
from mockvendors.room import pin
from mockvendors.room.binary import cached, is_program
from mockvendors.room.child import Child
from mockvendors.room.livekit import LiveKit, Say, WayMissing
from mockvendors.room.process import running_binary

_MODULE = "github.com/livekit/livekit-server/cmd/server"
NO_GO = "install Go from https://go.dev/dl, then run again"
_TEMPORARY = "building-"


def command() -> str:
    """Return what a person types to build it by hand."""
    return f'CGO_ENABLED=0 go install -trimpath -ldflags "-s -w" {_MODULE}@v{pin.version()}'


@contextmanager
def from_build(say: Say) -> Iterator[LiveKit]:
    """Build if nobody has by now, then run the result."""
    binary, built = build(say)
    with running_binary(binary, "built" if built else "cache") as livekit:
        yield livekit


def build(say: Say) -> tuple[Path, bool]:
    """Return the binary in the cache, and whether this call built it."""
    target = cached()
    if is_program(target):
        return target, False
    go = shutil.which("go")
    if go is None or sys.platform == "win32":
        raise WayMissing("no go on PATH to build a LiveKit server", NO_GO)
    lock = target.with_name(f"{target.name}.lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(lock, limits.scaled(limits.LIVEKIT_BUILD), say, "another run, which builds LiveKit"):
            if is_program(target):
                return target, False
            _build(go, target, say)
    except OSError as why:
        raise EnvironmentFault(
            f"no LiveKit server can be built into {target.parent} ({why.strerror or why})",
            "Make room there and let yourself write, or name another folder: export XDG_CACHE_HOME=...",
        ) from why
    return target, True


def _build(go: str, target: Path, say: Say) -> None:
    for left in target.parent.glob(f"{_TEMPORARY}*"):  # by a build that was killed: we hold the lock, so it is nobody's
        shutil.rmtree(left, ignore_errors=True)
    say(f"building LiveKit {pin.version()} with Go into {target.parent}: one to five minutes, only this once")
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=target.parent) as folder:
        _install(go, Path(folder), target, say)
        Path(folder, "server").rename(target)


def _install(go: str, folder: Path, target: Path, say: Say) -> None:
    env = {**os.environ, "CGO_ENABLED": "0", "GOBIN": str(folder)}
    env["GO111MODULE"] = "on"
    for name in ("GOOS", "GOARCH", "GOFLAGS"):  # a server for this machine, whatever the caller builds for and how
        env.pop(name, None)
    install = [go, "install", "-trimpath", "-ldflags", "-s -w", f"{_MODULE}@v{pin.version()}"]
    limit = limits.scaled(limits.LIVEKIT_BUILD)
    began = time.monotonic()
    child = Child(install, env)
    try:
        while not child.wait(TELL_EVERY):
            elapsed = time.monotonic() - began
            if elapsed > limit:
                raise _failed(f"did not end within {limit:g} s", child, target)
            say(f"building LiveKit: {elapsed:.0f} s")
        if child.status != 0 or not is_program(folder / "server"):
            raise _failed(f"failed with status {child.status}", child, target)
        say(f"built LiveKit in {time.monotonic() - began:.0f} s")
    finally:
        child.stop(limits.scaled(limits.LIVEKIT_STOP))


def _failed(how: str, child: Child, target: Path) -> EnvironmentFault:
    log = target.with_name(f"{target.name}.build.log")
    log.write_text(child.log())
    return EnvironmentFault(
        f"building LiveKit {pin.version()} with Go {how}; the end of {log}:\n{child.tail()}",
        f"See whether this works by hand: {command()}\nor take another way: MOCKVENDORS_LIVEKIT=path or docker",
    )
