"""A Docker daemon of the tests' own, in namespaces of its own, so that its end leaves nothing on the machine."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from docker.errors import DockerException

from mockvendors import limits
from mockvendors.room import leash as leash_file
from mockvendors.room import pin
from mockvendors.room.binary import cached
from mockvendors.room.build import build
from mockvendors.room.livekit import LiveKit
from mockvendors.room.process import running_binary

NEEDED = ("dockerd", "containerd", "runc", "iptables", "unshare", "nsenter", "ip")
NAMESPACES = """
ip link set lo up
ip link add lan type bridge && ip address add 198.51.100.1/32 dev lan && ip link set lan up
mkdir "$1/data" && mount -t tmpfs mockvendors "$1/data"
shift
exec "$@"
"""
"""Beside loopback an interface that leads nowhere: LiveKit's client library takes no other. And images in memory: they are
gone with the daemon's mounts, where deleting hundreds of megabytes takes a busy disk a minute."""
DOCKERFILE = 'FROM scratch\nCOPY livekit-server /livekit-server\nENTRYPOINT ["/livekit-server"]\n'


@dataclass(frozen=True)
class Dockerd:
    """A daemon whose containers publish their ports on the loopback of a network namespace."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def host(self) -> str:
        return f"unix://{self.folder}/docker.sock"

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "DOCKER_HOST": self.host}

    def inside(self, *command: str) -> list[str]:
        """Return the command as it runs in the daemon's network, where the published ports are."""
        return ["nsenter", f"--net=/proc/{self.process.pid}/ns/net", "--", *command]

    def client(self) -> docker.DockerClient:
        return docker.DockerClient(self.host)

    def log(self) -> str:
        return (self.folder / "dockerd.log").read_text(errors="replace")[-3000:]


@pytest.fixture(scope="session")
def dockerd(new_dockerd: Callable[[], AbstractContextManager[Dockerd]]) -> Iterator[Dockerd]:
    """One daemon for all cases that leave it as it was."""
    with new_dockerd() as daemon:
        yield daemon


@pytest.fixture(scope="session")
def new_dockerd(livekit_binary: Path) -> Callable[[], AbstractContextManager[Dockerd]]:
    """Return what starts a daemon with the pinned image in it, made around the LiveKit binary that this machine has."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a Docker daemon of our own needs root on Linux")
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    missing = [program for program in NEEDED if shutil.which(program, path=path) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (scripts/ensure_docker.sh installs them on Debian)")
    return lambda: own_dockerd(livekit_binary, path)


@contextmanager
def own_dockerd(livekit_binary: Path, path: str) -> Iterator[Dockerd]:
    with tempfile.TemporaryDirectory(prefix="mockvendors-dockerd-") as folder:
        daemon = start(Path(folder), path)
        try:
            load_image(daemon, livekit_binary)
            yield daemon
        finally:
            stop(daemon)


def start(folder: Path, path: str) -> Dockerd:
    """Run dockerd in network, mount and process namespaces that end with it, bridges, rules and mounts included."""
    (folder / "daemon.json").write_text("{}")
    flags = {
        "config-file": "daemon.json",
        "data-root": "data",
        "exec-root": "exec",
        "pidfile": "docker.pid",
    }
    command = ["dockerd", "--host", f"unix://{folder}/docker.sock", "--cgroup-parent", cgroup(folder)]
    command += ["--exec-opt", "native.cgroupdriver=cgroupfs"]  # systemd's, the default on some, knows nothing of us
    command += [f"--{flag}={folder / name}" for flag, name in flags.items()]
    leash = [sys.executable, "-I", "-S", leash_file.__file__, str(os.getpid())]  # a killed test run leaves no daemon
    unshare = [
        *leash,
        str(shutil.which("unshare")),
        "--net",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
    ]
    with (folder / "dockerd.log").open("wb") as log:
        process = subprocess.Popen(
            [*unshare, "sh", "-ec", NAMESPACES, "sh", str(folder), *command],
            stdout=log,
            stderr=log,
            env={**os.environ, "PATH": path},
            start_new_session=True,
        )
    daemon = Dockerd(folder, process)
    deadline = time.monotonic() + limits.scaled(limits.DOCKER_CALL)
    while not answers(daemon):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(daemon)
            pytest.fail(f"dockerd did not start:\n{daemon.log()}")
        time.sleep(limits.LIVEKIT_POLL)
    return daemon


def answers(daemon: Dockerd) -> bool:
    try:
        client = daemon.client()
        try:
            return bool(client.ping())
        finally:
            client.close()
    except (DockerException, OSError):
        return False


def load_image(daemon: Dockerd, binary: Path) -> None:
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(DOCKERFILE)
        tar.addfile(entry, io.BytesIO(DOCKERFILE.encode()))
        tar.add(binary, "livekit-server")
    context.seek(0)
    client = daemon.client()
    client.images.build(fileobj=context, custom_context=True, tag=pin.image(), rm=True)
    client.close()


def stop(daemon: Dockerd) -> None:
    """End dockerd in order, or its process namespace by force; then the cgroup that it leaves."""
    inner = subprocess.run(
        [str(shutil.which("ps")), "-o", "pid=", "--ppid", str(daemon.process.pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    for pid in inner:
        os.kill(int(pid), 15)
    try:
        daemon.process.wait(limits.scaled(limits.DOCKER_CALL))
    except subprocess.TimeoutExpired:
        daemon.process.kill()  # --kill-child: the whole process namespace goes with it
        daemon.process.wait()
    for top in Path("/sys/fs/cgroup").glob(f"**/{cgroup(daemon.folder)}"):
        for group, _, _ in os.walk(top, topdown=False):
            Path(group).rmdir()


def cgroup(folder: Path) -> str:
    return folder.name


@pytest.fixture(scope="session")
def livekit_binary() -> Path:
    """The binary that this machine has or can build."""
    if not cached().exists() and shutil.which("go") is None:
        pytest.skip("no LiveKit binary in the cache, and no Go to build one")
    return build(lambda line: print(line, file=sys.stderr))[0]  # noqa: T201 - progress of a build of minutes


@pytest.fixture(scope="session")
def livekit(livekit_binary: Path) -> Iterator[LiveKit]:
    """One server for all cases that only need somebody there."""
    with running_binary(livekit_binary, "cache") as server:
        yield server
