"""Run a livekit-server binary on loopback, for as long as a with-block lasts."""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.room.ask import ask
from mockvendors.room.child import Child
from mockvendors.room.config import Start, loopback_config, new_start
from mockvendors.room.livekit import LiveKit, Source

TRIES = 5
"""Starts before we give up: each loses only when another program takes a free port within a few milliseconds."""

_PORT_TAKEN = "address already in use"
_VERSION = re.compile(r'"version": "([^"]+)"')
_OTHER_WAY = "Replace or remove it, or take another way with MOCKVENDORS_LIVEKIT=docker or MOCKVENDORS_LIVEKIT=build"


@contextmanager
def running_binary(binary: Path, source: Source) -> Iterator[LiveKit]:
    """Start the binary, yield it once it answers, stop it at the end."""
    child, start = _started(binary)
    try:
        found = _VERSION.search(child.log())
        yield LiveKit(
            url=start.url,
            api_key=start.api_key,
            api_secret=start.api_secret,
            source=source,
            version=found.group(1) if found else None,
            check=lambda: _check(child, binary),
        )
    finally:
        _stop(child)


def _started(binary: Path) -> tuple[Child, Start]:
    for _ in range(TRIES):
        start = new_start()
        child = _spawn(binary, start)
        try:
            if _answers(child, binary, start):
                return child, start
        except BaseException:
            _stop(child)
            raise
        _stop(child)
    raise EnvironmentFault(
        f"{binary} found its ports in use {TRIES} times, though they had been free just before",
        "Look for a program that takes every port of 127.0.0.1, then run again",
    )


def _spawn(binary: Path, start: Start) -> Child:
    """Give the configuration by the environment: the process list doesn't show it, and no file is left behind."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("LIVEKIT_")}
    for name in ("NODE_IP", "UDP_PORT", "REDIS_HOST", "REDIS_PASSWORD"):  # livekit-server reads these too
        theirs.pop(name, None)
    try:
        return Child([str(binary)], {**theirs, "LIVEKIT_CONFIG": loopback_config(start)})
    except OSError as why:
        raise EnvironmentFault(f"{binary} does not run ({why.strerror})", _OTHER_WAY) from why


def _answers(child: Child, binary: Path, start: Start) -> bool:
    """Wait until the server takes our key; return False when a port was taken in between."""
    deadline = time.monotonic() + limits.scaled(limits.LIVEKIT_START)
    http_url = f"http://127.0.0.1:{start.http_port}"
    while not child.wait(limits.LIVEKIT_POLL):
        answer, detail = ask(http_url, start.api_key, start.api_secret, limits.scaled(limits.LIVEKIT_ASK))
        if answer == "ours" and child.status is None:
            return True
        if answer in ("refused", "stranger"):  # nobody else knows the key that was made for this start
            return False
        if time.monotonic() > deadline:
            raise EnvironmentFault(
                f"{binary} did not answer within {limits.scaled(limits.LIVEKIT_START):g} s ({detail}):\n{child.tail()}",
                _OTHER_WAY,
            )
    if _PORT_TAKEN in child.log():
        return False
    raise EnvironmentFault(f"{binary} ended at once with status {child.status}:\n{child.tail()}", _OTHER_WAY)


def _stop(child: Child) -> None:
    """End the server: at the first SIGTERM it waits for its participants to leave, at the second it doesn't."""
    child.stop(limits.scaled(limits.LIVEKIT_DRAIN), limits.scaled(limits.LIVEKIT_STOP))


def _check(child: Child, binary: Path) -> None:
    if child.status is not None:
        raise EnvironmentFault(
            f"the LiveKit server of this run ({binary}) ended with status {child.status}:\n{child.tail()}",
            "Run again; if it happens again, the lines above say why",
        )
