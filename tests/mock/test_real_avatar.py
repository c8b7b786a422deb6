"""The whole way, once: a start, an avatar in a real room, its end and its slot."""

import pytest

from mockvendors import limits
from mockvendors.server import MockServer

from .bodies import sized
from .conftest import Client


@pytest.fixture
async def real():
    async with MockServer(["anam"]) as mock:
        yield mock
    assert [str(fault) for fault in mock.harness_faults] == []


@pytest.fixture
def start_in(livekit, new_plan):
    """Return what makes the body of a start in this room."""

    def make(room):
        return {**sized(768, 1152), "environment": {"livekitUrl": livekit.url, "livekitToken": new_plan(livekit, room).token}}

    return make


async def test_avatar_joins_and_is_stopped(start_in, real):
    tenant = real.new_tenant("anam")
    tenant.set("max_concurrent", 1)
    call = Client(real.base_url("anam"), tenant.api_key)
    started = (await call.start(start_in("mock-stop"))).body["sessionId"]
    session = tenant.sessions[started]
    await session.joined(limits.AVATAR_CONNECT)
    assert session.state == "live"
    published = await session.log.wait_for("published", limits.AVATAR_CONNECT)
    assert (published.data["width"], published.data["height"]) == (768, 1152)
    assert (await call.start(start_in("mock-stop"))).status == 429
    assert (await call("POST", f"/v1/sessions/{started}/stop")).status == 200
    assert (session.state, session.reason, tenant.active) == ("ended", "stopped", 0)


async def test_room_that_refuses_the_token(start_in, real):
    tenant = real.new_tenant("anam")
    body = start_in("mock-refused")
    body["environment"]["livekitToken"] = "no token"
    answer = await Client(real.base_url("anam"), tenant.api_key).start(body)
    assert answer.status == 200, "the vendor has accepted; the failure is the avatar's"
    session = tenant.sessions[answer.body["sessionId"]]
    assert await session.ended(limits.SESSION_END + limits.AVATAR_CONNECT) == "join_failed"
    assert tenant.active == 0
