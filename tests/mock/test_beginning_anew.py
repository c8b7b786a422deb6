"""Starts that meet a reset, a withdrawn key or the mock's own end: each session is known, or was never made."""

import asyncio

import aiohttp
import pytest

from mockvendors import limits
from mockvendors.errors import UsageFault
from mockvendors.faults import Delay, Stall
from mockvendors.replies import Cut
from mockvendors.server import MockServer

from .bodies import room
from .conftest import Client, PaperAvatar, PaperAvatars


class SlowAvatar(PaperAvatar):
    """Leaves when it is let go, long after it was told to."""

    def __init__(self, plan, leaving, let_go):
        super().__init__(plan)
        self._leaving, self._let_go = leaving, let_go

    async def run(self):
        reason = await super().run()
        self._leaving.set()
        await self._let_go.wait()
        return reason


class SlowAvatars(PaperAvatars):
    def __init__(self):
        self.leaving, self.let_go = asyncio.Event(), asyncio.Event()

    def make(self, plan):
        return SlowAvatar(plan, self.leaving, self.let_go)


@pytest.fixture
def avatars():
    return SlowAvatars()


@pytest.fixture
async def slow(avatars):
    async with MockServer(["anam"], avatars=avatars) as server:
        yield server
        avatars.let_go.set()


@pytest.fixture
def slow_tenant(slow):
    return slow.new_tenant("anam")


@pytest.fixture
def slow_call(slow, slow_tenant):
    return Client(slow.base_url("anam"), slow_tenant.api_key)


def sessions_alive():
    return [task for task in asyncio.all_tasks() if task.get_name().startswith("session-")]


async def test_a_start_that_meets_a_reset_is_of_the_new_beginning(slow, slow_tenant, slow_call, avatars):
    old = slow_tenant.sessions[(await slow_call.start(room())).body["sessionId"]]
    resetting = asyncio.create_task(slow_tenant.reset())
    await avatars.leaving.wait()
    new = (await slow_call.start(room())).body["sessionId"]
    assert list(slow_tenant.sessions) == [new]
    assert (await slow_call("GET", "/v1/sessions/concurrency")).body["active"] == 1
    avatars.let_go.set()
    await resetting
    assert old.reason == "reset"
    assert (list(slow_tenant.sessions), slow_tenant.active) == ([new], 1)
    assert [entry.session for entry in slow_tenant.journal.calls("startSession")] == [new]
    await slow.stop()
    assert slow_tenant.sessions[new].reason == "tenant_closed"
    assert (slow_tenant.active, sessions_alive()) == (0, [])


async def test_what_is_set_during_a_reset_stays(slow_tenant, slow_call, avatars):
    await slow_call.start(room())
    resetting = asyncio.create_task(slow_tenant.reset())
    await avatars.leaving.wait()
    slow_tenant.set("max_concurrent", 1)
    slow_tenant.overlay({"stand_in": {"avatar": {"value": "x"}}})
    kept = slow_tenant.faults.add(Stall(), calls=7)
    avatars.let_go.set()
    await resetting
    assert (slow_tenant.settings["max_concurrent"], list(slow_tenant.faults)) == (1, [kept])
    assert slow_tenant.tables["stand_in"]["avatar"]["value"] == "x"


async def test_what_was_settled_is_what_a_reset_comes_back_to(tenant, call):
    tenant.set("max_concurrent", 1)
    tenant.overlay({"stand_in": {"avatar": {"value": "x"}}})
    kept = tenant.faults.add(Stall(), calls=7)
    tenant.settle()
    tenant.set("max_concurrent", 2)
    tenant.overlay({"stand_in": {"avatar": {"value": "y"}}})
    tenant.faults.clear()
    tenant.faults.add(Delay(600), calls=8)
    for _ in range(2):
        await tenant.reset()
        assert (tenant.settings["max_concurrent"], list(tenant.faults)) == (1, [kept])
        assert tenant.tables["stand_in"]["avatar"]["value"] == "x"
        assert [(await call.start(room())).status for _ in range(2)] == [200, 429]


async def test_a_reset_that_nobody_waits_for_leaves_no_session_to_itself(slow, slow_tenant, slow_call, avatars, monkeypatch):
    old = slow_tenant.sessions[(await slow_call.start(room())).body["sessionId"]]
    resetting = asyncio.create_task(slow_tenant.reset())
    await avatars.leaving.wait()
    resetting.cancel()
    await asyncio.gather(resetting, return_exceptions=True)
    assert old.state != "ended"
    monkeypatch.setattr(limits, "SESSION_END", 0.1)
    await slow.stop()
    assert (old.state, sessions_alive()) == ("ended", [])


@pytest.mark.parametrize("fault", [Stall(), Delay(600)])
async def test_a_start_that_waits_ends_with_what_was_before_the_reset(tenant, call, fault):
    tenant.faults.add(fault)
    waiting = asyncio.create_task(call.start(room(), limit=30))
    await tenant.journal.wait_for(lambda entry: entry.number == 1, limits.SESSION_END)
    await tenant.reset()
    with pytest.raises(aiohttp.ClientError):
        await waiting
    assert (list(tenant.sessions), tenant.journal.entries) == ([], [])
    assert (await call.start(room())).status == 200


async def test_nothing_begins_any_more_while_the_mock_ends(slow, slow_tenant, slow_call, avatars):
    """A call that was let in before the end, such as one of the admin API, may still make one."""
    await slow_call.start(room())
    stopping = asyncio.create_task(slow.stop())
    await avatars.leaving.wait()
    with pytest.raises(UsageFault, match="The mock ends"):
        slow.new_tenant("anam")
    with pytest.raises(Cut):
        slow_tenant.start_session(None, {})
    avatars.let_go.set()
    await stopping
    assert slow_tenant.active == 0


async def test_a_key_withdrawn_by_somebody_who_went_away_is_not_forgotten_before_its_sessions_end(
    slow, slow_tenant, slow_call, avatars, monkeypatch
):
    session = slow_tenant.sessions[(await slow_call.start(room())).body["sessionId"]]
    closing = asyncio.create_task(slow_tenant.close())
    await avatars.leaving.wait()
    closing.cancel()
    await asyncio.gather(closing, return_exceptions=True)
    slow.new_tenant("anam")
    monkeypatch.setattr(limits, "SESSION_END", 0.1)
    await slow.stop()
    assert (session.state, sessions_alive()) == ("ended", [])
