"""Recording for real: a mock vendor or a server of the test's own behind the proxy, and clients before it."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from mockvendors.cassettes.interaction import Answer, Interaction, Sent
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.record_proxy import RecordProxy
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
from mockvendors.contract import Contract
from mockvendors.server import MockServer

AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
SESSION = "/v1/engine/session"
ADDRESS = "http://127.0.0.1:8090"


@pytest.fixture(scope="session")
def contract():
    return Contract.load("anam")


@pytest.fixture
async def mock():
    async with MockServer(["anam"]) as server:
        yield server
        faults = [str(fault) for fault in server.harness_faults]
    assert faults == []


@pytest.fixture
def tenant(mock):
    found = mock.new_tenant("anam")
    found.set("avatars", "none")
    return found


@dataclass
class Stranger:
    """A server that is no mock of ours: it answers what a test tells it to, and keeps what came."""

    url: str = ""
    answer: Any = None
    seen: list[Any] = field(default_factory=list)

    async def __call__(self, request):
        self.seen.append((request.method, request.raw_path, request.headers.copy(), await request.read()))
        answer = self.answer(request)
        return await answer if asyncio.iscoroutine(answer) else answer


@pytest.fixture
async def stranger():
    server = Stranger()
    runner = web.ServerRunner(web.Server(server, auto_decompress=False, handler_cancellation=True), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@dataclass
class Recorded:
    """A recording proxy, what it says, and what it writes."""

    proxy: RecordProxy
    recorder: Recorder
    url: str
    lines: list[str]
    contract: Contract
    stopped: bool = False

    async def stop(self):
        self.stopped = True
        await self.proxy.stop()
        return self

    def read(self):
        return read_recording(self.recorder.folder, self.contract)

    @property
    def interactions(self):
        return [interaction for _, interaction in self.read().placed()]

    def everything(self) -> bytes:
        """Every byte below the folder of the recordings, with the names of files, and all that was said."""
        root = self.recorder.folder.parent
        files = [file for file in root.rglob("*") if file.is_file()]
        return b"\n".join([*(str(file).encode() + file.read_bytes() for file in files), *(line.encode() for line in self.lines)])


@pytest.fixture
async def record(tmp_path, contract):
    """Start a recording proxy before a server; all end with the test."""
    started: list[Recorded] = []

    async def start(upstream, **more):
        lines: list[str] = []
        folder = tmp_path / "anam" / f"r{len(started)}"
        recorder = Recorder(contract, Upstream.parse(upstream), folder, **{"secrets": set(), **more})
        proxy = RecordProxy(recorder, lines.append)
        started.append(Recorded(proxy, recorder, await proxy.start(), lines, contract))
        return started[-1]

    yield start
    for recorded in started:
        if not recorded.stopped:
            await recorded.stop()


@pytest.fixture
async def http():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10), auto_decompress=False) as session:
        yield session


def exchange(
    body: object = None, reply: object = None, *, url=SESSION, status=200, headers=(), answered=(), method="POST", at=ADDRESS
) -> Interaction:
    """A raw exchange, before it is scrubbed."""
    kind = (("Content-Type", "application/json"),)
    return Interaction(
        Sent(method, at + url, (*kind, *headers), _bytes(body)),
        Answer(status, "OK", (*kind, *answered), _bytes(reply)),
    )


def _bytes(body):
    return body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()


async def until(condition, limit: float = 5.0) -> None:
    """Wait for what happens by itself."""
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 - files and processes tell nobody
            await asyncio.sleep(0.01)


def fixed(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
