"""`image:`: a driver in a Docker image, which speaks the protocol by its container's standard input and output."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from mockvendors import drivers, limits
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.implementations.implementation import Implementation, Launch, Preparation

FORM = "image:NAME, a driver of your own as a Docker image"
NAME = re.compile(r"[A-Za-z0-9][\w.:/@-]*")


def read(what: str, python: str | None) -> Implementation:  # noqa: ARG001 - the interpreter is of the Python plugins beside it
    """Return the image of that name."""
    if NAME.fullmatch(what) is None:
        raise UsageFault(f"{what!r} is no name of an image", f"Write {FORM}, like image:my-driver:1.0")
    return ImageDriver(f"image:{what}", what)


@dataclass(frozen=True)
class ImageDriver:
    """An image of this machine's Docker; it is never pulled here."""

    text: str
    name: str

    @property
    def known_as(self) -> str:
        """Nobody published it."""
        return ""

    def prepare(self, how: Preparation) -> Launch:
        """Return how its container is run: in this machine's network, where the mock listens, with the sounds at their path."""
        docker = client()
        look_for(docker, self.name)
        options = ["--rm", "--interactive", "--pull", "never", "--network", "host", "--label", "mockvendors=driver"]
        if how.sounds is not None:
            options += ["--mount", f"type=bind,source={how.sounds},target={how.sounds},readonly"]
        replay = ["--replay"] if how.replay else []
        contained = str(Path(drivers.__path__[0], "contained.py"))
        command = [sys.executable, "-P", contained, docker, *options, self.name, *replay]
        return Launch(tuple(command), settings(), strange=True)


def settings() -> dict[str, str]:
    """Return the variables by which Docker's client finds its daemon; none of them reaches the container."""
    return {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}


def client() -> str:
    """Return the path of Docker's client. Raises EnvironmentFault without one, or with a daemon on another machine."""
    found = shutil.which("docker")
    if found is None:
        raise EnvironmentFault(
            "there is no docker on the PATH, and image: needs it", "Install Docker, or run what the image holds by exec:PROGRAM"
        )
    host = urlsplit(os.environ.get("DOCKER_HOST", ""))
    if host.scheme not in ("", "unix", "npipe") and host.hostname not in ("localhost", "127.0.0.1"):
        raise EnvironmentFault(
            f"the Docker daemon of DOCKER_HOST={host.geturl()} is on another machine, where nobody reaches the mock",
            "Use one on this: unset DOCKER_HOST",
        )
    return found


def look_for(docker: str, image: str) -> None:
    """Raise UsageFault where Docker has no such image, EnvironmentFault where it cannot be asked."""
    command = [docker, "image", "inspect", "--format", "{{.Id}}", image]
    try:
        done = subprocess.run(  # noqa: S603 - Docker's client
            command, capture_output=True, text=True, timeout=limits.scaled(limits.DOCKER_CALL), check=False
        )
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise EnvironmentFault(f"docker does not answer ({exc})", "See `docker info`") from exc
    if done.returncode == 0:
        return
    said = " ".join(done.stderr.split())
    if "no such image" in said.lower():
        raise UsageFault(f"Docker has no image {image}", f"docker pull {image}, or docker build -t {image} .")
    raise EnvironmentFault(
        f"no Docker daemon answers ({said})", "Start Docker (`sudo systemctl start docker`) and see that `docker info` works"
    )
