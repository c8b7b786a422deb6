"""The whole way, once: a start, an avatar in a real room, its end and its slot."""

import sys

import pytest

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.room.server import livekit_server
from mockvendors.room.tokens import join_token
from mockvendors.server import MockServer

from .bodies import sized
from .conftest import Client


@pytest.fixture(scope="module")
def livekit():
    try:
        with livekit_server(lambda line: sys.stderr.write(f"{line}\n")) as server:
            yield server
    except EnvironmentFault as fault:
        pytest.skip(f"no LiveKit server: {fault}")


@pytest.fixture
async def real():
    async with MockServer(["anam"]) as mock:
        yield mock
    assert [str(fault) for fault in mock.harness_faults] == []


def start_in(livekit, room):
    token = join_token(livekit, room, "anam-avatar-agent", kind="agent")
    return {**sized(768, 1152), "environment": {"livekitUrl": livekit.url, "livekitToken": token}}


async def test_avatar_joins_and_is_stopped(livekit, real):
    tenant = real.new_tenant("anam")
    tenant.set("max_concurrent", 1)
    call = Client(real.base_url("anam"), tenant.api_key)
    started = (await call.start(start_in(livekit, "mock-stop"))).body["sessionId"]
    session = tenant.sessions[started]
    await session.joined(limits.AVATAR_CONNECT)
    assert session.state == "live"
    published = await session.log.wait_for("published", limits.AVATAR_CONNECT)
    assert (published.data["width"], published.data["height"]) == (768, 1152)
    assert (await call.start(start_in(livekit, "mock-stop"))).status == 429
    assert (await call("POST", f"/v1/sessions/{started}/stop")).status == 200
    assert (session.state, session.reason, tenant.active) == ("ended", "stopped", 0)


async def test_room_that_refuses_the_token(livekit, real):
    tenant = real.new_tenant("anam")
    body = start_in(livekit, "mock-refused")
    body["environment"]["livekitToken"] = "no token"
    answer = await Client(real.base_url("anam"), tenant.api_key).start(body)
    assert answer.status == 200, "the vendor has accepted; the failure is the avatar's"
    session = tenant.sessions[answer.body["sessionId"]]
    assert await session.ended(limits.SESSION_END + limits.AVATAR_CONNECT) == "join_failed"
    assert tenant.active == 0
