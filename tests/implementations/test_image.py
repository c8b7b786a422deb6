"""`image:`: a driver in a container, run for real on a Docker daemon of our own with the Go example in an image."""

import asyncio
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.conformance.sound_folder import folder_for_all
from mockvendors.conformance.sounds import tone
from mockvendors.drivers.process import DriverProcess
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.implementations.connect import connect
from mockvendors.implementations.implementation import Preparation
from tests.conformance.running import ROOT, command
from tests.implementations.test_driver_go import build
from tests.room import conftest as docker_tests

IMAGE = "mockvendors-test/driver-go:1"
DOCKERFILE = 'FROM scratch\nCOPY driver deaf reader /\nUSER 65534:65534\nENTRYPOINT ["/driver"]\n'
"""Its driver is nobody, as in most images."""
DEAF = 'package main\n\nimport "time"\n\nfunc main() { time.Sleep(time.Hour) }\n'
"""A driver that sees no end of its standard input."""
READER = """package main

import ("io"; "os")

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil { panic(err) }
	io.Copy(os.Stdout, file)
}
"""
DESCRIPTION = ROOT / "suites" / "anam" / "plugin.py"


@pytest.fixture(scope="session")
def dockerd(tmp_path_factory):
    """Yield a daemon that has the image."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a Docker daemon of our own needs root on Linux")
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [program for program in ("docker", *docker_tests.NEEDED) if shutil.which(program, path=path) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (scripts/ensure_docker.sh installs them on Debian)")
    folder = tmp_path_factory.mktemp("image")
    (folder / "deaf.go").write_text(DEAF)
    (folder / "reader.go").write_text(READER)
    own = [build(folder / name, folder, f"{name}.go") for name in ("deaf", "reader")]
    programs = [build(folder / "driver"), *own]
    with tempfile.TemporaryDirectory(prefix="mockvendors-dockerd-") as folder:
        daemon = docker_tests.start(Path(folder), path)
        try:
            make_image(daemon, programs)
            yield daemon
        finally:
            docker_tests.stop(daemon)


def make_image(daemon, programs):
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(DOCKERFILE)
        tar.addfile(entry, io.BytesIO(DOCKERFILE.encode()))
        for program in programs:
            tar.add(program, program.name)
    context.seek(0)
    client = daemon.client()
    client.images.build(fileobj=context, custom_context=True, tag=IMAGE, rm=True)
    client.close()


def containers(dockerd):
    client = dockerd.client()
    try:
        return client.containers.list(all=True, ignore_removed=True)
    finally:
        client.close()


def none_left(dockerd):
    """Wait until no container is left."""
    deadline = time.monotonic() + limits.scaled(limits.DOCKER_CALL)
    while left := containers(dockerd):
        assert time.monotonic() < deadline, left
        time.sleep(limits.LIVEKIT_POLL)
    return True


def inside(dockerd, *arguments):
    """Run a command in the daemon's network, where a container's host is."""
    return subprocess.run(
        dockerd.inside(*arguments),
        cwd=ROOT,
        env={**dockerd.env, "MOCKVENDORS_LIVEKIT": "none", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=limits.scaled(120),
        check=False,
    )


def test_it_passes_smoke(dockerd):
    program = Path(sys.executable).with_name("mockvendors")
    done = inside(dockerd, str(program), "smoke", "anam", f"--implementation=image:{IMAGE}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"image:{IMAGE}: anam-go 0.1.0\n")
    assert none_left(dockerd)


def test_it_gets_a_verdict(dockerd):
    done = inside(dockerd, *command("suites/anam/test_token.py", f"--implementation=image:{IMAGE}"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verdict on anam-go 0.1.0" in done.stdout
    assert none_left(dockerd)


async def started(dockerd, monkeypatch, sounds):
    monkeypatch.setenv("DOCKER_HOST", dockerd.host)
    launch = connect(f"image:{IMAGE}").prepare(Preparation(DESCRIPTION, sounds=sounds))
    return await DriverProcess.spawn(launch.arguments, launch.environment)


async def test_it_sees_the_sounds_and_may_not_change_them(dockerd, monkeypatch, tmp_path):
    driver = await started(dockerd, monkeypatch, tmp_path)
    try:
        (container,) = await asyncio.to_thread(containers, dockerd)
        (mount,) = container.attrs["Mounts"]
        assert (mount["Source"], mount["Destination"], mount["RW"]) == (str(tmp_path), str(tmp_path), False)
        assert container.attrs["HostConfig"]["NetworkMode"] == "host"
    finally:
        await driver.stop()
    assert await asyncio.to_thread(none_left, dockerd)


def test_whoever_it_is_it_can_read_the_sounds(dockerd, monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", dockerd.host)
    tmp_path.chmod(0o700)  # as pytest's own folders are
    before = os.umask(0o077)
    try:
        sounds = folder_for_all(tmp_path)
        sound = tone(sounds, 0.1)
    finally:
        os.umask(before)
    launch = connect(f"image:{IMAGE}").prepare(Preparation(DESCRIPTION, sounds=sounds))
    reads = [*launch.arguments[:4], "--entrypoint=/reader", *launch.arguments[4:], str(sound.path)]
    done = subprocess.run(reads, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == sound.path.read_bytes()
    assert none_left(dockerd)


def test_a_container_that_hears_nothing_is_gone_with_its_client(dockerd, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", dockerd.host)
    launch = connect(f"image:{IMAGE}").prepare(Preparation(DESCRIPTION))
    deaf = [*launch.arguments[:4], "--entrypoint=/deaf", *launch.arguments[4:]]
    client = subprocess.Popen(deaf, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        deadline = time.monotonic() + limits.scaled(limits.DOCKER_CALL)
        while not any(container.status == "running" for container in containers(dockerd)):
            assert time.monotonic() < deadline
            time.sleep(limits.LIVEKIT_POLL)
    finally:
        client.kill()
        client.communicate()
    assert none_left(dockerd)


async def test_a_killed_driver_leaves_no_container(dockerd, monkeypatch):
    driver = await started(dockerd, monkeypatch, None)
    assert len(await asyncio.to_thread(containers, dockerd)) == 1
    os.kill(driver.pid, 9)
    assert await asyncio.to_thread(none_left, dockerd)
    await driver.stop()


def test_an_image_that_docker_does_not_have(dockerd, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", dockerd.host)
    with pytest.raises(UsageFault, match=r"Docker has no image nobody/driver\. docker pull nobody/driver, or docker build"):
        connect("image:nobody/driver").prepare(Preparation(DESCRIPTION))


def test_no_daemon(monkeypatch, tmp_path):
    if shutil.which("docker") is None:
        pytest.skip("not installed: docker")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(EnvironmentFault, match=r"no Docker daemon answers \(.*\. Start Docker"):
        connect(f"image:{IMAGE}").prepare(Preparation(DESCRIPTION))


def test_no_docker(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFault, match=r"there is no docker on the PATH, and image: needs it\. Install Docker"):
        connect(f"image:{IMAGE}").prepare(Preparation(DESCRIPTION))


def test_a_daemon_on_another_machine(monkeypatch):
    if shutil.which("docker") is None:
        pytest.skip("not installed: docker")
    monkeypatch.setenv("DOCKER_HOST", "tcp://198.51.100.7:2375")
    with pytest.raises(EnvironmentFault, match="is on another machine, where nobody reaches the mock"):
        connect(f"image:{IMAGE}").prepare(Preparation(DESCRIPTION))


@pytest.mark.parametrize("what", ["--privileged", "two words", "/absolute"])
def test_what_is_no_name(what):
    with pytest.raises(UsageFault, match="is no name of an image"):
        connect(f"image:{what}")
