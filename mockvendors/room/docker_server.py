"""LiveKit in Docker: the pinned image, on ports of 127.0.0.1."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import docker
from docker.errors import APIError, DockerException, ImageNotFound

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.lock import TELL_EVERY
from mockvendors.room import health, pin
from mockvendors.room.config import Start, new_start
from mockvendors.room.container import Container
from mockvendors.room.livekit import LiveKit, Say, WayMissing

_START_DOCKER = (
    "start Docker (`sudo systemctl start docker`, or Docker Desktop) and see that `docker info` works; "
    "where it does, name its socket: export DOCKER_HOST=$(docker context inspect --format '{{.Endpoints.docker.Host}}')"
)
_JOIN_GROUP = "let yourself use Docker, then log in again: sudo usermod -aG docker $USER"
_OTHER_WAY = "Take another way with MOCKVENDORS_LIVEKIT=build or path"


@contextmanager
def from_docker(say: Say) -> Iterator[LiveKit]:
    """Run the pinned image, pulled if it is not here."""
    client = connect()
    try:
        _ensure_image(client, pin.image(), say)
        container, start = _started(client, pin.image())
        try:
            yield LiveKit(
                url=start.url,
                api_key=start.api_key,
                api_secret=start.api_secret,
                source="docker",
                version=pin.version(),
                check=lambda: health.check(container, pin.image()),
            )
        finally:
            container.remove()
    finally:
        client.close()


def connect() -> docker.DockerClient:
    """Return a client of a daemon on this machine that answers, else raise WayMissing."""
    host = os.environ.get("DOCKER_HOST", "")
    if urlsplit(host).scheme not in ("", "unix", "npipe") and urlsplit(host).hostname not in ("localhost", "127.0.0.1"):
        raise WayMissing(f"the Docker daemon of DOCKER_HOST={host} is on another machine", "use one on this: unset DOCKER_HOST")
    try:
        client = docker.from_env(timeout=int(limits.scaled(limits.DOCKER_CALL)))
    except (DockerException, OSError, ValueError) as why:  # ValueError: a DOCKER_HOST that is no address
        raise _no_daemon(why) from why
    try:
        client.ping()
    except (DockerException, OSError) as why:
        client.close()
        raise _no_daemon(why) from why
    return client


def _no_daemon(why: Exception) -> WayMissing:
    brief = _brief(why)
    return WayMissing(f"no Docker daemon answers ({brief})", _JOIN_GROUP if "Permission denied" in brief else _START_DOCKER)


def has_image(client: docker.DockerClient, image: str) -> bool:
    """Tell whether the daemon has the image already."""
    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


def _ensure_image(client: docker.DockerClient, image: str, say: Say) -> None:
    began = told = time.monotonic()
    try:
        if has_image(client, image):
            return
        say(f"pulling {image}")
        for line in client.api.pull(image, stream=True, decode=True):
            if "error" in line:
                raise _no_image(image, str(line["error"]))
            now = time.monotonic()
            if now - began > limits.scaled(limits.DOCKER_PULL):
                raise _no_image(image, f"not done after {now - began:.0f} s")
            if now - told > TELL_EVERY:
                say(f"pulling {image}: {now - began:.0f} s")
                told = now
    except (DockerException, OSError) as why:
        raise _no_image(image, _brief(why)) from why


def _no_image(image: str, why: str) -> WayMissing:
    return WayMissing(f"Docker has no {image} and cannot pull it ({why})", f"docker pull {image}")


def _started(client: docker.DockerClient, image: str) -> tuple[Container, Start]:
    for _ in range(health.TRIES):
        start = new_start()
        try:
            container = Container(client, image, start)
        except (DockerException, OSError) as why:
            if health.port_taken(str(why)):
                continue
            raise EnvironmentFault(f"Docker cannot run {image} ({_brief(why)})", _OTHER_WAY) from why
        try:
            if health.answers(container, image, start):
                return container, start
        except BaseException:
            container.remove()
            raise
        container.remove()
    raise health.no_port(image)


def _brief(why: Exception) -> str:
    """Return the innermost cause of what the docker package wraps three times, on one line."""
    if isinstance(why, APIError) and why.explanation:
        return str(why.explanation).strip()
    while why.__context__ is not None and isinstance(why.__context__, Exception):
        why = why.__context__
    return " ".join(str(why).split()) or type(why).__name__
