"""One LiveKit container, removed at the end whatever happens to us."""

import subprocess
import sys
import time
from pathlib import Path

from docker import DockerClient
from docker.errors import DockerException, NotFound
from docker.models.containers import Container as DockerContainer

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.room.config import Start, container_config

_REAPER = Path(__file__).with_name("reaper.py")


class Container:
    """A container whose ports are published on 127.0.0.1 only; a `health.Server`."""

    def __init__(self, client: DockerClient, image: str, start: Start) -> None:
        self._client = client
        self._name = f"mockvendors-livekit-{start.api_key}"
        self._reaper = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-P", str(_REAPER), self._name],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._container: DockerContainer | None = None
        try:
            self._container = self._run(image, start)
        except BaseException:
            self.remove()
            raise

    def _run(self, image: str, start: Start) -> DockerContainer:
        here = "127.0.0.1"
        return self._client.containers.run(
            image,
            ["--node-ip", here],
            name=self._name,
            labels={"mockvendors": "livekit"},
            environment={"LIVEKIT_CONFIG": container_config(start)},
            ports={
                f"{start.http_port}/tcp": (here, start.http_port),
                f"{start.tcp_port}/tcp": (here, start.tcp_port),
                f"{start.udp_port}/udp": (here, start.udp_port),
            },
            detach=True,
        )

    @property
    def status(self) -> int | None:
        """Exit status; None while it runs; 137 when somebody removed it."""
        try:
            state = self._client.api.inspect_container(self._name)["State"]
        except NotFound:
            return 137
        except (DockerException, OSError) as why:
            raise EnvironmentFault(f"the Docker daemon no longer answers ({why})", "See `docker info`") from why
        return None if state["Running"] else int(state["ExitCode"])

    def wait(self, seconds: float) -> bool:
        """Wait so long if it runs; return whether it has ended."""
        if self.status is not None:
            return True
        time.sleep(seconds)
        return False

    def tail(self) -> str:
        """Return the last lines of its log, indented."""
        try:
            text = self._container.logs(tail=15).decode(errors="replace") if self._container else ""
        except (DockerException, OSError) as why:
            text = f"(no log: {why})"
        return "\n".join(f"  {line}" for line in text.strip().splitlines()) or "  (it wrote nothing)"

    def remove(self) -> None:
        """End and remove it, then let the reaper go; if that fails, the reaper tries once more."""
        word = b""
        try:
            self._client.api.remove_container(self._name, force=True, v=True)
            word = b"done\n"
        except NotFound:
            word = b"done\n"
        except (DockerException, OSError) as why:
            raise EnvironmentFault(
                f"the container {self._name} could not be removed ({why})", f"docker rm -f {self._name}"
            ) from why
        finally:
            self._dismiss(word)

    def _dismiss(self, word: bytes) -> None:
        """Wait for the reaper, which without a word of ours tries what we could not; never for longer than one call takes."""
        try:
            self._reaper.communicate(word, timeout=limits.scaled(limits.DOCKER_CALL))
        except subprocess.TimeoutExpired:
            self._reaper.kill()
            self._reaper.wait()
