"""The Docker way, run for real on a daemon of our own."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.room import docker_server, pin
from mockvendors.room.livekit import WayMissing

SESSION = Path(__file__).with_name("docker_session.py")
LIMIT = limits.DOCKER_CALL + limits.LIVEKIT_START + limits.PROBE_WAIT


def containers(dockerd) -> list[str]:
    client = dockerd.client()
    try:
        return [container.name for container in client.containers.list(all=True)]
    finally:
        client.close()


def await_none(dockerd) -> None:
    """Wait until the reaper has done its work."""
    deadline = time.monotonic() + limits.scaled(limits.DOCKER_CALL)
    while containers(dockerd):
        assert time.monotonic() < deadline, containers(dockerd)
        time.sleep(limits.LIVEKIT_POLL)


def docker_only(dockerd) -> dict[str, str]:
    return {**dockerd.env, "MOCKVENDORS_LIVEKIT": "docker"}


def test_a_message_passes_between_two_participants_of_a_server_in_docker(dockerd):
    run = subprocess.run(
        dockerd.inside(sys.executable, str(SESSION)),
        env=docker_only(dockerd),
        capture_output=True,
        text=True,
        timeout=limits.scaled(LIMIT),
        check=False,
    )
    assert run.returncode == 0, run.stderr
    first, last = map(json.loads, run.stdout.splitlines())
    assert (first["source"], first["version"]) == ("docker", pin.version())
    assert last["message"] == "through the container"
    assert last["said"] == [f"LiveKit {pin.version()} at {first['url']}, taken from: docker"]
    assert containers(dockerd) == []


@contextmanager
def owner(dockerd) -> Iterator[subprocess.Popen[str]]:
    """A process that has a server in Docker, and goes on when it is given a line."""
    process = subprocess.Popen(
        dockerd.inside(sys.executable, str(SESSION), "--hang"),
        env=docker_only(dockerd),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline(), process.stderr.read()
        yield process
    finally:
        process.kill()
        process.communicate()


def test_its_ports_are_published_on_loopback_only(dockerd):
    client = dockerd.client()
    with owner(dockerd):
        (container,) = client.containers.list()
        published = [port for ports in container.ports.values() for port in ports or []]
    client.close()
    await_none(dockerd)
    assert len(published) == 3
    assert {port["HostIp"] for port in published} == {"127.0.0.1"}


def test_a_killed_owner_leaves_no_container(dockerd):
    with owner(dockerd):
        assert len(containers(dockerd)) == 1
    await_none(dockerd)


def test_a_container_that_is_gone_in_the_middle_is_reported(dockerd):
    with owner(dockerd) as process:
        client = dockerd.client()
        client.containers.list()[0].remove(force=True)
        client.close()
        _, error = process.communicate("\n", timeout=limits.scaled(limits.DOCKER_CALL))
    assert f"EnvironmentFault: the LiveKit server of this run ({pin.image()}) ended with status 137" in error


def test_a_daemon_that_is_gone_in_the_middle_is_reported(new_dockerd):
    with new_dockerd() as daemon, owner(daemon) as process:
        daemon.process.kill()
        daemon.process.wait()
        _, error = process.communicate("\n", timeout=limits.scaled(limits.DOCKER_CALL))
    assert "EnvironmentFault: the Docker daemon no longer answers" in error
    assert re.search(r"could not be removed .*docker rm -f mockvendors-livekit-", error)


def test_a_daemon_that_cannot_have_the_image_is_passed_over_with_the_reason(dockerd, tmp_path, monkeypatch):
    compose = tmp_path / "docker-compose.yml"
    compose.write_text("services: {livekit: {image: 'localhost:1/nobody/livekit-server:v0.0.1'}}")
    monkeypatch.setattr("mockvendors.paths.compose_file", lambda: compose)
    monkeypatch.setenv("DOCKER_HOST", dockerd.host)
    pin.image.cache_clear()
    try:
        with pytest.raises(WayMissing, match="cannot pull it") as missing, docker_server.from_docker(print):
            pass
    finally:
        pin.image.cache_clear()
    assert missing.value.remedy == "docker pull localhost:1/nobody/livekit-server:v0.0.1"


@pytest.mark.parametrize(
    ("why", "remedy"),
    [
        (PermissionError(13, "Permission denied"), "sudo usermod -aG docker $USER"),
        (FileNotFoundError(2, "No such file or directory"), "docker context inspect"),
    ],
)
def test_who_may_not_use_docker_is_told_another_thing_than_who_has_none(why, remedy):
    assert remedy in docker_server._no_daemon(why).remedy
