"""docker-compose.yml, run for real with images made on this machine: LiveKit for agents here, and the mock beside it.

The image of the service `mockvendors` cannot be built where no registry can be reached. A stand-in takes its place:
an empty image into which this machine's own Python and checkout are mounted. So the Dockerfile is not tested here;
network, ports and keys of the compose file are.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from mockvendors import limits, paths
from mockvendors.room import pin

ROOT = Path(__file__).parents[2]
SESSION = Path(__file__).with_name("docker_session.py")
NOT_OURS = {"proc", "sys", "dev", "run", "tmp", "etc"}
"""What Docker makes itself in a container, and what a container must not see."""


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
            timeout=limits.scaled(limits.DOCKER_CALL),
            check=False,
        )
        assert run.returncode == 0, f"{words}: {run.stdout}{run.stderr}"
        return run.stdout


@pytest.fixture
def compose(dockerd, tmp_path) -> Iterator[Compose]:
    program = compose_program()
    if program is None:
        pytest.skip("no docker compose (scripts/ensure_docker.sh installs it on Debian)")
    empty_image(dockerd, "mockvendors")
    override = tmp_path / "override.yml"
    override.write_text(yaml.safe_dump(stand_in()))
    files = ["-f", str(paths.compose_file()), "-f", str(override)]
    run = Compose([*program, "-p", "mockvendors-test", *files], dockerd.env)
    try:
        yield run
    finally:
        run("down", "--timeout", "0")
        client = dockerd.client()
        assert client.containers.list(all=True) == []
        client.close()


def compose_program() -> list[str] | None:
    """Return `docker-compose`, or `docker compose` where that is a plugin of the client."""
    alone, client = shutil.which("docker-compose"), shutil.which("docker")
    if alone:
        return [alone]
    if client and subprocess.run([client, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [client, "compose"]
    return None


def empty_image(dockerd, tag: str) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        folder = tarfile.TarInfo("tmp")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(folder)
    client = dockerd.client()
    client.api.import_image_from_data(archive.getvalue(), repository=tag, tag="latest")
    client.close()


def stand_in() -> dict[str, object]:
    """Return what makes the empty image run this machine's Python: its folders, read-only."""
    ours = {f"/{folder.name}" for folder in Path("/").iterdir() if folder.is_dir() and folder.name not in NOT_OURS}
    ours |= {folder for folder in (str(ROOT), sys.prefix) if f"/{Path(folder).parts[1]}" not in ours}  # a checkout below /tmp
    return {
        "services": {
            "mockvendors": {
                "entrypoint": [sys.executable],
                "volumes": [f"{folder}:{folder}:ro" for folder in sorted(ours)],
                "environment": {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"},
            }
        }
    }


def exports() -> dict[str, str]:
    """Return the line of exports that the file's own comment gives to a person."""
    (line,) = [line for line in paths.compose_file().read_text().splitlines() if "export LIVEKIT_URL" in line]
    return dict(word.split("=", 1) for word in line.split() if "=" in word)


def test_its_livekit_serves_agents_on_this_machine_and_the_mock_beside_it(dockerd, compose):
    compose("up", "-d", "livekit")
    here = subprocess.run(
        dockerd.inside(sys.executable, str(SESSION)),
        env={**os.environ, **exports(), "MOCKVENDORS_LIVEKIT": "url"},
        capture_output=True,
        text=True,
        timeout=limits.scaled(limits.DOCKER_CALL),
        check=False,
    )
    assert here.returncode == 0, here.stderr + compose("logs")
    assert json.loads(here.stdout.splitlines()[-1])["message"] == "through the container"

    given = [word for name, value in exports().items() for word in ("-e", f"{name}={value}")]
    beside = compose("run", "--rm", "-T", "--no-deps", *given, "mockvendors", str(SESSION))
    assert json.loads(beside.splitlines()[-1])["message"] == "through the container"


def test_every_published_port_is_on_loopback():
    services = yaml.safe_load(paths.compose_file().read_text())["services"]
    assert services["livekit"]["image"] == pin.image()
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service.get("ports", []))
