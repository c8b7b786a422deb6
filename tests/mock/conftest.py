"""A mock Anam whose sessions nobody joins, a tenant, and a raw way to talk to it."""

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from mockvendors.avatar.log import AvatarLog
from mockvendors.server import MockServer
from tests.wire import raw as send_raw


@dataclass
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def rule(self):
        return self.headers.get("X-Mockvendors-Rule")


class Client:
    def __init__(self, base, key):
        self.base, self.key = base, key

    async def __call__(self, method, path, body=None, *, headers=None, key=None, data=None, limit=5):
        sent = {"Authorization": f"Bearer {key or self.key}"} if headers is None else headers
        kind = {"data": data} if data is not None else {"json": body} if body is not None else {}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=limit)) as session,
            session.request(method, self.base + path, headers=sent, **kind) as reply,
        ):
            text = await reply.read()
            is_json = reply.content_type == "application/json" and text
            return Answer(reply.status, await reply.json() if is_json else text, reply.headers)

    async def start(self, body, **kwargs):
        return await self("POST", "/v1/engine/session", body, **kwargs)

    async def token(self, body, **kwargs):
        return await self("POST", "/v1/auth/session-token", body, **kwargs)


class PaperAvatar:
    """An avatar without a room: joins at once, ends when stopped."""

    def __init__(self, plan):
        self.plan, self.log, self._stopped = plan, AvatarLog(), asyncio.get_running_loop().create_future()

    async def run(self):
        self.log.add("joined")
        return await self._stopped

    def stop(self, reason):
        if not self._stopped.done():
            self._stopped.set_result(reason)


class PaperAvatars:
    ready = True

    async def warm(self):
        pass

    def make(self, plan):
        return PaperAvatar(plan)


@pytest.fixture
async def mock():
    async with MockServer(["anam"], avatars=PaperAvatars()) as server:
        yield server
        faults = [str(fault) for fault in server.harness_faults]
    assert faults == []


@pytest.fixture
def tenant(mock):
    return mock.new_tenant("anam")


@pytest.fixture
def call(mock, tenant):
    return Client(mock.base_url("anam"), tenant.api_key)


@pytest.fixture
def client(mock):
    """Make a client for another tenant."""
    return lambda tenant: Client(mock.base_url("anam"), tenant.api_key)


@pytest.fixture
def raw(mock):
    """Send bytes on a socket of its own and return what comes back until the end, with how it ended."""

    async def exchange(request: bytes, limit=2.0):
        return await send_raw(mock.base_url("anam"), request, limit)

    return exchange


@pytest.fixture
def start_bytes(tenant):
    """A start as it stands on the wire."""
    body = b'{"personaConfig":{"avatarId":"6c1f0d3e-5b0a-4c58-9d1e-000000000001"}}'
    head = (
        "POST /v1/engine/session HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n"
        f"Authorization: Bearer {tenant.api_key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
