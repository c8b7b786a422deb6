"""`docker compose up`, run for real: the Dockerfile is built, a session is posted from outside, its avatar comes."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from mockvendors import limits, paths
from mockvendors.room import pin

from . import base_image

SESSION = Path(__file__).with_name("compose_session.py")
LIMIT = 240.0
"""Seconds for the build of the image, or one session; 30 and 2 measured."""
WITHOUT_INDEX = ["--build-arg", "PIP_NO_INDEX=1", "--build-arg", "PIP_FIND_LINKS=/src/wheels"]


@dataclass(frozen=True)
class Compose:
    command: list[str]
    env: dict[str, str]

    def __call__(self, *words: str) -> str:
        run = subprocess.run(
            [*self.command, *words],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=limits.scaled(LIMIT),
            check=False,
        )
        assert run.returncode == 0, f"{words}: {run.stdout}{run.stderr}"
        return run.stdout


@pytest.fixture(scope="session")
def checkout(request, tmp_path_factory) -> tuple[Path, Path]:
    """Return a copy of the checkout that Docker builds from, with the wheels in it, and the archive of the base image."""
    cache = request.config.cache.mkdir("base-image")
    archive = base_image.base_archive(cache)
    copy = tmp_path_factory.mktemp("compose") / "mockvendors"
    shutil.copytree(base_image.ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv*", ".*_cache", "__pycache__"))
    shutil.copytree(base_image.wheels(base_image.python_of(archive), cache), copy / "wheels")
    return copy, archive


@pytest.fixture
def compose(dockerd, checkout) -> Iterator[Compose]:
    program = compose_program()
    if program is None:
        pytest.skip("no docker compose (scripts/ensure_docker.sh installs it on Debian)")
    folder, archive = checkout
    repository, tag = base_image.base_name().split(":")
    client = dockerd.client()
    client.api.import_image_from_file(str(archive), repository=repository, tag=tag)
    run = Compose([*program, "-p", "mockvendors-test", "-f", str(folder / "docker-compose.yml")], dockerd.env)
    try:
        yield run
    finally:
        run("down", "--timeout", "0")
        client.close()


def compose_program() -> list[str] | None:
    """Return `docker-compose`, or `docker compose` where that is a plugin of the client."""
    alone, client = shutil.which("docker-compose"), shutil.which("docker")
    if alone:
        return [alone]
    if client and subprocess.run([client, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [client, "compose"]
    return None


def told(container) -> str:
    """Return what the mock said, once it is ready."""
    deadline = time.monotonic() + limits.scaled(limits.LIVEKIT_START)
    while "Ready" not in (said := container.logs().decode()):
        container.reload()
        assert container.status == "running", said
        assert time.monotonic() < deadline, said
        time.sleep(limits.LIVEKIT_POLL)
    return said


def exports(text: str) -> dict[str, str]:
    """Return what these lines export."""
    lines = [line for line in text.splitlines() if re.match(r"(# +)?export ", line)]
    return dict(word.split("=", 1) for line in lines for word in line.split() if "=" in word)


def test_up_gives_a_person_a_face_and_down_leaves_nothing(dockerd, compose):
    client = dockerd.client()
    networks = {network.name for network in client.networks.list()}
    compose("build", *WITHOUT_INDEX, "mockvendors")
    compose("up", "-d")
    services = {one.labels["com.docker.compose.service"]: one for one in client.containers.list()}
    said = told(services["mockvendors"])
    assert exports(said) == exports(paths.compose_file().read_text()), "the file's comment and the mock tell the same"
    page = re.search(r"open (http://\S+)", said)[1]
    assert page in paths.compose_file().read_text()

    here = subprocess.run(
        dockerd.inside(sys.executable, str(SESSION)),
        env={**os.environ, **exports(said), "PAGE": page},
        capture_output=True,
        text=True,
        timeout=limits.scaled(LIMIT),
        check=False,
    )
    assert here.returncode == 0, here.stderr + compose("logs")
    report = json.loads(here.stdout.splitlines()[-1])
    assert report == {"size": [1152, 768], "listening": ["127.0.0.1"], "page": True, "sessions": 1}
    assert "joined room compose as anam-avatar-agent: 1152x768" in services["mockvendors"].logs().decode()

    compose("stop")
    services["mockvendors"].reload()
    assert services["mockvendors"].attrs["State"]["ExitCode"] == 0, "it ends by itself when it is asked to"
    compose("down")
    assert client.containers.list(all=True) == []
    assert {network.name for network in client.networks.list()} == networks
    assert client.volumes.list() == []
    client.close()


def test_nothing_is_published_and_the_image_is_the_pinned_one():
    services = yaml.safe_load(paths.compose_file().read_text())["services"]
    assert services["livekit"]["image"] == pin.image()
    assert [service.get("ports", []) for service in services.values()] == [[], []]
    assert all(service["network_mode"] == "host" for service in services.values())
