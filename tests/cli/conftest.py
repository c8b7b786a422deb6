"""`mockvendors serve` as a person runs it: a process, its two outputs, its end."""

# ruff: noqa: S310 - the program that it starts, and the addresses that it prints, are the tests' own

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mockvendors import limits

PROGRAM = Path(sys.executable).with_name("mockvendors")
FOREIGN = ("LIVEKIT", "ANAM_", "MOCKVENDORS_LIVEKIT")


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return ours without anybody's LiveKit or vendor, and with a place for temporary files that can be looked into."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    ours = {name: value for name, value in os.environ.items() if not any(word in name for word in FOREIGN)}
    return {**ours, "TMPDIR": str(folder / "tmp"), **more}


def until(condition: Callable[[], Any], limit: float, what: Callable[[], str]) -> Any:
    deadline = time.monotonic() + limits.scaled(limit)
    while not (result := condition()):
        if time.monotonic() > deadline:
            pytest.fail(f"not within {limit:g} s: {what()}")
        time.sleep(limits.LIVEKIT_POLL)
    return result


@dataclass
class Serve:
    """A running `mockvendors serve`."""

    folder: Path
    process: subprocess.Popen[bytes]
    env: dict[str, str]
    pids: set[int] = field(default_factory=set)

    @property
    def out(self) -> str:
        return (self.folder / "out").read_text()

    @property
    def err(self) -> str:
        return (self.folder / "err").read_text()

    def wait_for(self, text: str, limit: float = limits.LIVEKIT_START) -> str:
        """Return both outputs once one of them has this text."""

        def there() -> str:
            if self.process.poll() is not None and text not in self.out + self.err:
                pytest.fail(f"serve ended with {self.process.returncode}:\n{self.out}{self.err}")
            return self.out + self.err if text in self.out + self.err else ""

        return until(there, limit, lambda: f"{text!r} in\n{self.out}{self.err}")

    @staticmethod
    def until(condition: Callable[[], Any], limit: float, what: Callable[[], str]) -> None:
        until(condition, limit, what)

    def ready(self) -> "Serve":
        self.wait_for("Ready")
        return self

    @property
    def exports(self) -> dict[str, str]:
        """What a shell has after `eval` of standard output."""
        names = re.findall(r"^export (\w+)=", self.out, re.MULTILINE)
        script = self.out + "".join(f'printf "%s\\n" "${name}"\n' for name in names)
        shell = subprocess.run(["/bin/sh", "-euc", script], capture_output=True, text=True, check=True, env={})
        return dict(zip(names, shell.stdout.splitlines(), strict=True))

    @property
    def page(self) -> str:
        return re.findall(r"open (http://\S+/)", self.err)[0]

    def state(self) -> dict[str, Any]:
        return json.loads(self.call("GET", f"{self.page}state.json")[1])

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send the signal, and return the exit code."""
        self.pids |= descendants(self.process.pid)
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(limits.scaled(limits.SESSION_END))

    def left(self) -> list[str]:
        """Return what is still there: processes, temporary files."""
        files = [str(file) for file in (self.folder / "tmp").iterdir()]
        return files + [f"process {pid}" for pid in self.pids if Path(f"/proc/{pid}/exe").exists()]

    def with_livekit(self) -> "Serve":
        """Return it once it is ready; skip where the machine has no LiveKit."""
        self.ready()
        if self.state()["livekit"] is None:
            pytest.skip(f"no LiveKit here: {self.state()['without']}")
        return self

    def kill_livekit(self) -> None:
        """End the server that it started, from outside."""
        self.pids |= descendants(self.process.pid)
        servers = [pid for pid in self.pids if b"livekit-server" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        assert servers
        for pid in servers:
            os.kill(pid, signal.SIGKILL)

    @staticmethod
    def call(method: str, url: str, body: object = None, key: str = "", **headers: str) -> tuple[int, bytes]:
        """Send one raw request; return status and body."""
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {}), **headers}
        request = urllib.request.Request(url, data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=limits.PROBE_WAIT) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    @staticmethod
    def read_some(url: str, size: int) -> bytes:
        """Return the first bytes of an endless answer."""
        host, _, path = url.removeprefix("http://").partition("/")
        connection = http.client.HTTPConnection(host, timeout=limits.PROBE_WAIT)
        try:
            connection.request("GET", f"/{path}")
            reply = connection.getresponse()
            assert reply.status == 200, reply.read()
            return reply.read(size)
        finally:
            connection.close()


def descendants(pid: int) -> set[int]:
    found: set[int] = set()
    for file in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            children = {int(child) for child in file.read_text().split()}
        except OSError:
            continue
        found |= children.union(*(descendants(child) for child in children))
    return found


Start = Callable[..., Serve]


@pytest.fixture(scope="module")
def start_serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start `mockvendors serve` with these arguments; all end with the module."""
    started: list[Serve] = []

    def start(*arguments: str, **env: str) -> Serve:
        folder = tmp_path_factory.mktemp("serve")
        complete = environment(folder, **env)
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            process = subprocess.Popen([PROGRAM, "serve", *arguments], env=complete, stdout=out, stderr=err)
        started.append(Serve(folder, process, complete))
        return started[-1]

    yield start
    for serve in started:
        if serve.process.poll() is None:
            serve.stop()


@pytest.fixture
def run_serve(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a `mockvendors serve` that ends by itself."""

    def run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, "serve", *arguments],
            env=environment(tmp_path, **env),
            capture_output=True,
            text=True,
            check=False,
            timeout=limits.scaled(limits.LIVEKIT_START),
        )

    return run
