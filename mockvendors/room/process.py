"""Run a livekit-server binary on loopback, for as long as a with-block lasts."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.room import health
from mockvendors.room.child import Child
from mockvendors.room.config import Start, loopback_config, new_start
from mockvendors.room.livekit import LiveKit, Source

_VERSION = re.compile(r'"version": "([^"]+)"')
_SERVER_READS = ("NODE_IP", "UDP_PORT", "REDIS_HOST", "REDIS_PASSWORD")


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
            check=lambda: health.check(child, str(binary)),
        )
    finally:
        _stop(child)


def _started(binary: Path) -> tuple[Child, Start]:
    for _ in range(health.TRIES):
        start = new_start()
        child = _spawn(binary, start)
        try:
            if health.answers(child, str(binary), start):
                return child, start
        except BaseException:
            _stop(child)
            raise
        _stop(child)
    raise health.no_port(str(binary))


def _spawn(binary: Path, start: Start) -> Child:
    """Give the configuration by the environment: the process list doesn't show it, and no file is left behind."""
    theirs = {name: value for name, value in os.environ.items() if not name.startswith("LIVEKIT_") and name not in _SERVER_READS}
    try:
        return Child([str(binary)], {**theirs, "LIVEKIT_CONFIG": loopback_config(start)})
    except OSError as why:
        raise EnvironmentFault(f"{binary} does not run ({why.strerror})", "Replace or remove it") from why


def _stop(child: Child) -> None:
    """End the server: at the first SIGTERM it waits for its participants to leave, at the second it doesn't."""
    child.stop(limits.scaled(limits.LIVEKIT_DRAIN), limits.scaled(limits.LIVEKIT_STOP))
