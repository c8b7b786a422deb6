"""Sessions: slots, length, stop, and what the API tells about them."""

import asyncio

import aiohttp
import pytest

from mockvendors import limits
from mockvendors.avatar.behaviour import Behaviour
from mockvendors.errors import UsageFault
from mockvendors.faults import Delay
from mockvendors.replies import Refused
from mockvendors.server import load_vendor
from mockvendors.sessions import SESSIONS_KEPT
from mockvendors.vendor import Call, Credential

from .bodies import body, room


async def test_slots_are_counted(call, tenant):
    tenant.set("max_concurrent", 1)
    first = await call.start(room())
    second = await call.start(room())
    assert second.status == 429
    assert second.body["error"] == "Concurrent session limit reached"
    assert second.body["reason"] == "concurrent_limit"
    await call("POST", f"/v1/sessions/{first.body['sessionId']}/stop")
    assert (await call.start(room())).status == 200


async def test_slot_is_freed_when_the_avatar_ends(call, tenant):
    tenant.set("max_concurrent", 1)
    first = tenant.sessions[(await call.start(room())).body["sessionId"]]
    await first.joined(limits.SESSION_END)
    assert first.state == "live"
    first.avatar.stop("removed")
    assert await first.ended(limits.SESSION_END) == "removed"
    assert (first.state, first.reason) == ("ended", "removed")
    assert (await call.start(room())).status == 200


async def test_concurrency_call(call, tenant):
    tenant.set("max_concurrent", 2)
    await call.start(body())
    assert (await call("GET", "/v1/sessions/concurrency")).body == {
        "limit": 2,
        "active": 1,
        "canStartSession": True,
        "estimatedWaitSeconds": 0,
    }
    await call.start(body())
    assert (await call("GET", "/v1/sessions/concurrency")).body["canStartSession"] is False


async def test_without_a_limit_there_is_none_to_tell(call):
    told = (await call("GET", "/v1/sessions/concurrency")).body
    assert (told["limit"], told["canStartSession"]) == (None, True)


@pytest.mark.parametrize(
    ("setting", "value", "status", "error"),
    [
        ("account", "no_plan", 402, "No plan found"),
        ("account", "forbidden", 403, "Forbidden"),
        ("account", "spend_cap", 429, "Spend cap reached"),
        ("account", "usage_limit", 429, "Usage limit reached"),
        ("capacity", "none", 503, "No capacity available"),
    ],
)
async def test_a_state_that_was_asked_for(call, tenant, *, setting, value, status, error):
    tenant.set(setting, value)
    answer = await call.start(room())
    assert (answer.status, answer.body["error"]) == (status, error)
    assert "reason" not in answer.body
    assert not tenant.sessions
    tenant.set(setting, "ok")
    assert (await call.start(room())).status == 200


async def test_slots_of_tenants_are_their_own(call, tenant, client, mock):
    tenant.set("max_concurrent", 0)
    assert (await call.start(body())).status == 429
    assert (await client(mock.new_tenant("anam")).start(body())).status == 200


async def test_session_ends_after_its_length(call, tenant):
    tenant.set("max_session_seconds", 0.05)
    answer = await call.start(body())
    session = tenant.sessions[answer.body["sessionId"]]
    assert await session.ended(limits.SESSION_END) == "expired"
    told = (await call("GET", f"/v1/sessions/{session.id}")).body
    assert told["endTime"] is not None
    assert told["sessionLengthMs"] >= 50
    assert tenant.active == 0


@pytest.mark.parametrize(("avatars", "sent"), [("join", body()), ("none", room())])
async def test_a_session_that_nobody_joins_ends_and_frees_its_slot(call, tenant, monkeypatch, *, avatars, sent):
    """Without a room, or without avatars; the plan of the account has no limit."""
    monkeypatch.setattr(limits, "SESSION_UNJOINED", 0.05)
    tenant.set("max_concurrent", 1)
    tenant.set("avatars", avatars)
    session = tenant.sessions[(await call.start(sent)).body["sessionId"]]
    assert await session.ended(limits.SESSION_END) == "expired"
    assert (await call.start(body())).status == 200


@pytest.mark.parametrize(
    ("asked", "setting", "plan", "expected"),
    [
        (None, None, "growth", None),
        (None, None, "free", 180),
        (90, None, "free", 90),
        (900, None, "starter", 300),
        (90, 60, "explorer", 60),
        (None, 60, "growth", 60),
    ],
)
async def test_the_shortest_length_counts(call, tenant, *, asked, setting, plan, expected):
    tenant.set("max_session_seconds", setting)
    tenant.set("plan", plan)
    persona = {} if asked is None else {"maxSessionLengthSeconds": asked}
    answer = await call.start({**body(**persona), "environment": room()["environment"]})
    assert tenant.sessions[answer.body["sessionId"]].plan.max_seconds == expected


async def test_delete_wants_a_stop_first(call):
    started = (await call.start(room())).body["sessionId"]
    refused = await call("DELETE", f"/v1/sessions/{started}")
    assert (refused.status, refused.rule) == (409, "anam.session.running")
    stopped = await call("POST", f"/v1/sessions/{started}/stop", {})
    assert (stopped.status, stopped.body["id"]) == (200, started)
    assert (await call("DELETE", f"/v1/sessions/{started}")).status == 204
    assert (await call("GET", f"/v1/sessions/{started}")).status == 404


async def test_stop_twice(call):
    started = (await call.start(room())).body["sessionId"]
    answers = [await call("POST", f"/v1/sessions/{started}/stop") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]


async def test_sessions_are_listed_newest_first(call):
    started = [(await call.start({**body(), "clientLabel": label})).body["sessionId"] for label in ("a", "b")]
    listed = (await call("GET", "/v1/sessions")).body["data"]
    assert [one["id"] for one in listed] == started[::-1]
    assert [one["clientLabel"] for one in listed] == ["b", "a"]
    assert listed[0]["personaConfig"] == {"avatarVersion": "cara-4", "fps": 25}


async def test_sessions_of_others_are_unknown(call, client, mock):
    started = (await call.start(body())).body["sessionId"]
    other = client(mock.new_tenant("anam"))
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/stop")):
        assert (await other(method, f"/v1/sessions/{started}{path}")).rule == "anam.session.unknown"


async def test_closing_a_tenant_ends_its_avatars(call, tenant):
    for _ in range(3):
        await call.start(room())
    await tenant.close()
    assert {session.reason for session in tenant.sessions.values()} == {"tenant_closed"}
    assert tenant.active == 0
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("session-")]


async def test_a_start_that_waits_ends_with_its_tenant(call, tenant):
    tenant.faults.add(Delay(600))
    waiting = asyncio.create_task(call.start(room(), limit=30))
    await tenant.journal.wait_for(lambda entry: entry.number == 1, limits.SESSION_END)
    await tenant.close()
    with pytest.raises(aiohttp.ClientError):
        await waiting
    assert not tenant.sessions


async def test_a_timer_ends_with_its_tenant(call, tenant):
    tenant.set("max_session_seconds", 600)
    session = tenant.sessions[(await call.start(body())).body["sessionId"]]
    timer = session._timer
    assert not timer.cancelled()
    await tenant.close()
    assert timer.cancelled()
    assert (session.state, tenant.active) == ("ended", 0)


async def test_a_start_of_a_closed_tenant_makes_no_session(tenant):
    """A call that was let in before its tenant was closed, whatever it waited for."""
    vendor = load_vendor("anam")
    operation = tenant.contract.operations["startSession"]
    late = Call(tenant, operation, {}, Credential("apiKey", tenant), room(), "mock", Behaviour)
    await tenant.close()
    with pytest.raises(Refused, match=r"anam\.auth\.bearer"):
        await vendor.routes()["startSession"].handler(late)
    assert tenant.active == 0


async def test_ten_thousand_sessions_leave_the_newest(tenant):
    running = tenant.start_session(None, {})
    ended = []
    for _ in range(10_000):
        ended.append(tenant.start_session(None, {}))
        ended[-1].stop("stopped")
    assert list(tenant.sessions.values()) == [running, *ended[-SESSIONS_KEPT:]]
    assert len(tenant.sessions._over) == SESSIONS_KEPT
    assert (running.state, tenant.active) == ("starting", 1)


async def test_what_ended_first_is_dropped_first(tenant):
    old = [tenant.start_session(None, {}) for _ in range(SESSIONS_KEPT + 1)]
    for session in reversed(old):
        session.stop("stopped")
    assert old[-1].id not in tenant.sessions
    assert old[0].id in tenant.sessions


async def test_metrics_are_taken_from_anybody(call):
    assert (await call("POST", "/v1/metrics/client", {"any": 1})).status == 204
    assert (await call("POST", "/v1/metrics/client", [1], headers={})).status == 204


def test_unknown_settings_and_values_name_the_known_ones(tenant):
    with pytest.raises(UsageFault, match=r"Settings: .*validate_at"):
        tenant.set("validate", "both")
    with pytest.raises(UsageFault, match="session_token"):
        tenant.set("validate_at", "never")
    with pytest.raises(UsageFault, match="whole number from 0 or null"):
        tenant.set("max_concurrent", "2")
    with pytest.raises(UsageFault, match=r"Tables: .*sizes"):
        tenant.overlay({"size": {}})
    with pytest.raises(TypeError):
        tenant.settings["validate_at"] = "both"
