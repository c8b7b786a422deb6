"""A mock Anam with its admin API, and callers of both."""

import aiohttp
import pytest

from mockvendors.server import MockServer
from tests.mock.conftest import Client, PaperAvatars

AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
GOOD = {"personaConfig": {"avatarId": AVATAR}}
HALF = {"personaConfig": {"avatarId": AVATAR}, "sessionOptions": {"videoWidth": 1152}}


class AdminCaller:
    def __init__(self, base):
        self.base = f"{base}/_mock"

    async def __call__(self, method, path, body=None, /, *, expect=200, headers=None, **query):
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.base + path, json=body, params=query, headers=headers) as reply,
        ):
            told = await reply.json()
            assert reply.status == expect, told
            return told


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
def admin(mock):
    return AdminCaller(mock.base_url("anam"))
