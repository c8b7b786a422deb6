"""The admin API tells what came: journal, stream, verification, near misses."""

import asyncio
import json

import aiohttp
import pytest

from mockvendors import limits
from tests.admin.conftest import GOOD, HALF
from tests.mock.conftest import Client


async def test_the_journal_is_told_without_secrets(admin, call, tenant):
    await call.start(GOOD)
    told = await admin("GET", "/journal")
    (entry,) = told["entries"]
    assert (entry["operation"], entry["status"], entry["tenant"]) == ("startSession", 200, tenant.name)
    assert entry["body"] == GOOD
    assert entry["reply"]["sessionId"] == entry["session"]
    assert tenant.api_key not in json.dumps(told)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"status": 400}, 1),
        ({"status": 200}, 1),
        ({"broken": "anam.size.both-or-neither"}, 1),
        ({"broken": "anam.size.pair"}, 0),
        ({"operation": "startSession"}, 2),
        ({"operation": "getSession"}, 0),
        ({"method": "GET"}, 0),
        ({"path": "/v1/engine/session"}, 2),
        ({"fault": "delay"}, 0),
        ({"limit": 1}, 1),
    ],
)
async def test_a_filter_chooses_entries(admin, call, wanted, count):
    await call.start(GOOD)
    await call.start(HALF)
    told = await admin("GET", "/journal", **wanted)
    assert len(told["entries"]) == count


async def test_what_no_tenant_owns_is_in_the_journal_too(admin, call):
    await call.start(GOOD, key="wrong")
    told = await admin("GET", "/journal")
    assert [(entry["tenant"], entry["status"]) for entry in told["entries"]] == [("", 401)]


async def test_the_journal_can_be_followed(admin, call, mock):
    await call.start(GOOD)
    async with aiohttp.ClientSession() as session, session.get(f"{admin.base}/journal?follow=true") as stream:
        assert stream.content_type == "application/x-ndjson"
        first = json.loads(await stream.content.readline())
        await call.start(HALF)
        second = json.loads(await stream.content.readline())
        late = mock.new_tenant("anam")
        await Client(mock.base_url("anam"), late.api_key).start(GOOD)
        third = json.loads(await stream.content.readline())
    assert [first["status"], second["status"], third["status"]] == [200, 400, 200]
    assert third["tenant"] == late.name


async def test_a_stream_tells_a_request_when_it_is_answered(admin, call, tenant):
    tenant.faults.add_text("delay:seconds=0.3,calls=1")
    async with aiohttp.ClientSession() as session, session.get(f"{admin.base}/journal?follow=true") as stream:
        slow = asyncio.create_task(call.start(GOOD))
        await tenant.journal.wait_for(lambda entry: entry.call == 1, 5)
        await call.start(HALF)
        lines = [json.loads(await stream.content.readline()) for _ in range(2)]
        await slow
    assert [line["call"] for line in lines] == [2, 1]


async def test_a_server_that_ends_ends_its_streams(admin, mock):
    async with aiohttp.ClientSession() as session, session.get(f"{admin.base}/journal?follow=true") as stream:
        await mock.stop()
        assert await stream.content.read() == b""


@pytest.mark.parametrize(
    ("wish", "ok", "found"),
    [
        ({"request": {"operation": "startSession"}}, True, 2),
        ({"request": {"operation": "startSession"}, "times": 2}, True, 2),
        ({"request": {"operation": "startSession"}, "times": 1}, False, 2),
        ({"request": {"status": 400}, "at_most": 0}, False, 1),
        ({"request": {"status": 503}, "at_most": 0}, True, 0),
        ({"request": {"status": 200}, "at_least": 1, "at_most": 1}, True, 1),
        ({"request": {"body": {"personaConfig": {}}}, "times": 2}, True, 2),
        ({"request": {"body": {"sessionOptions": {"videoWidth": 1152}}}, "times": 1}, True, 1),
        ({"request": {"body": {"sessionOptions": {"videoWidth": 1153}}}, "times": 1}, False, 0),
        ({"request": {"body": None}}, False, 0),
        ({"request": {"headers": {"content-type": "application/json"}}, "times": 2}, True, 2),
        ({"request": {"headers": {"Content-Type": "text/plain"}}}, False, 0),
    ],
)
async def test_verify_counts(admin, call, wish, ok, found):
    await call.start(GOOD)
    await call.start(HALF)
    told = await admin("POST", "/verify", wish)
    assert (told["ok"], told["found"]) == (ok, found), told


async def test_verify_shows_what_came_nearest(admin, call):
    await call.start(HALF)
    told = await admin(
        "POST", "/verify", {"request": {"operation": "startSession", "body": {"sessionOptions": {"videoHeight": 768}}}}
    )
    (near,) = told["near"]
    assert near["differs"] == [{"where": "body /sessionOptions/videoHeight", "expected": 768, "actual": "(nothing)"}]
    assert told["wanted"].startswith("at least 1 times: ")


async def test_true_is_not_one(admin, call):
    await call.start({**GOOD, "sessionOptions": {"showAIAvatarDisclosure": True}})
    told = await admin("POST", "/verify", {"request": {"body": {"sessionOptions": {"showAIAvatarDisclosure": 1}}}})
    assert not told["ok"]


async def test_near_misses_name_the_rule(admin, call, tenant):
    await call.start(HALF)
    await call.start({**GOOD, "sessionOptions": {"videoWidth": 720, "videoHeight": 1280}})
    half, pair = await admin("GET", "/near-misses")
    assert (half["rule"], half["level"], half["number"], half["tenant"]) == (
        "anam.size.both-or-neither",
        "documented",
        1,
        tenant.name,
    )
    assert half["where"] == "/sessionOptions"
    assert half["expected"] == "videoWidth and videoHeight come together or not at all"
    assert half["actual"] == {"videoWidth": 1152}
    assert pair["rule"] == "anam.size.pair"
    assert "1152x768" in pair["told"]


START = "POST /v1/engine/session"


def with_preset(style):
    return {"personaConfig": {**GOOD["personaConfig"], "directorNotes": {"presetStyle": style}}}


@pytest.mark.parametrize(
    ("asked", "body", "headers", "rule", "expected", "actual"),
    [
        ("GET /v1/avatars", None, {"Authorization": "Bearer wrong-key"}, "anam.auth.bearer", "scheme Bearer", "Bearer key:"),
        ("PUT /v1/avatars?a=1", None, {}, "anam.method", "GET /v1/avatars", "PUT /v1/avatars?a=1"),
        ("GET /v1/avatar", None, {}, "anam.path.unknown", "such as /v1/avatars", "GET /v1/avatar"),
        ("GET //v1/avatars", None, {}, "anam.path.double-slash", "answered 404", "GET //v1/avatars"),
        ("DELETE /v1/sessions/zz", None, {}, "anam.session.unknown", "does not exist", "DELETE /v1/sessions/zz"),
        (START, GOOD, {"Content-Type": "text/plain"}, "anam.content-type", "application/json", "content-type: text/plain"),
        (START, {}, {}, "anam.body.persona", "an object with personaConfig", "{}"),
        (START, with_preset("x"), {}, "anam.notes.preset", "one of happy, warm,", "x"),
        (START, with_preset(3), {}, "anam.notes.preset", "distressed, null", "3"),
    ],
)
async def test_a_near_miss_says_what_was_expected_and_what_came(admin, call, *, asked, body, headers, rule, expected, actual):
    method, path = asked.split(" ")
    sent = {"Authorization": f"Bearer {call.key}", "Content-Type": "application/json", **headers}
    await call(method, path, data=None if body is None else json.dumps(body).encode(), headers=sent)
    for query in ({}, {"vendor": "anam"}, {"broken": rule}):
        miss = (await admin("GET", "/near-misses", **query))[0]
        assert miss["rule"] == rule
        assert expected in miss["expected"]
        assert actual in str(miss["actual"])


async def test_what_no_tenant_owns_is_of_the_vendor_that_was_asked(admin, call):
    await call("GET", "/v1/avatars", key="wrong")
    told = await admin("GET", "/journal", vendor="anam")
    assert [(entry["vendor"], entry["tenant"], entry["status"]) for entry in told["entries"]] == [("anam", "", 401)]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ({"operation": "startSesion"}, "Nearest: startSession"),
        ({"broken": "anam.auth.beerer"}, "Nearest: anam.auth.bearer"),
        ({"fault": "dely"}, "Nearest: delay"),
        ({"method": "post"}, "Did you mean POST?"),
        ({"path": "v1/avatars"}, "Did you mean /v1/avatars?"),
    ],
)
async def test_a_name_that_nothing_has_is_no_empty_answer(admin, tenant, name, near):
    for told in (
        await admin("POST", "/verify", {"request": name, "times": 0}, expect=400),
        await admin("GET", "/journal", expect=400, **name),
        await admin("GET", "/journal", expect=400, follow="true", **name),
        await admin("GET", "/near-misses", expect=400, tenant=tenant.name, **name),
    ):
        assert near in told["remedy"]


async def test_a_stream_goes_on_after_a_reset_whatever_came_before(admin, call):
    """The journal of strangers is emptied and counts from 1 again; a tenant's is a new one."""
    limit = aiohttp.ClientTimeout(limits.scaled(limits.PROBE_WAIT))
    async with aiohttp.ClientSession(timeout=limit) as session, session.get(f"{admin.base}/journal?follow=true") as stream:
        for key in (None, "wrong", "wrong", None):
            await call.start(GOOD, key=key)
            await stream.content.readline()
        await admin("POST", "/reset", {})
        for key in ("wrong", None, "wrong"):
            await call.start(GOOD, key=key)
        told = [json.loads(await stream.content.readline()) for _ in range(3)]
    assert sorted((entry["status"], entry["number"]) for entry in told) == [(200, 1), (401, 1), (401, 2)]


async def test_a_stream_whose_client_goes_leaves_nothing_with_the_journals(admin, call, mock):
    async with aiohttp.ClientSession() as session, session.get(f"{admin.base}/journal?follow=true") as stream:
        await call.start(GOOD)
        await stream.content.readline()
        assert (len(mock.journal._listeners), len(mock.tenants["anam"]._listeners)) == (1, 1)
    async with asyncio.timeout(limits.scaled(limits.SESSION_END)):
        while mock.journal._listeners or mock.tenants["anam"]._listeners:  # noqa: ASYNC110 - nobody tells that a client has gone
            await asyncio.sleep(limits.LIVEKIT_POLL)


async def test_a_stream_tells_of_a_request_that_a_reset_has_cut(admin, call, tenant):
    tenant.faults.add_text("stall:calls=1")
    limit = aiohttp.ClientTimeout(limits.scaled(limits.PROBE_WAIT))
    async with aiohttp.ClientSession(timeout=limit) as session, session.get(f"{admin.base}/journal?follow=true") as stream:
        waiting = asyncio.create_task(call.start(GOOD))
        await tenant.journal.wait_for(lambda entry: entry.call == 1, limits.SESSION_END)
        await admin("POST", "/reset")
        told = json.loads(await stream.content.readline())
        assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], aiohttp.ClientError)
    assert (told["status"], told["faults"], told["note"]) == (None, ["stall"], "connection cut")


async def test_a_stream_of_one_tenant_tells_of_no_other_and_outlives_it(admin, call, mock, tenant):
    other = mock.new_tenant("anam")
    limit = aiohttp.ClientTimeout(limits.scaled(limits.PROBE_WAIT))
    address = f"{admin.base}/journal?follow=true&tenant={tenant.name}&status=200"
    async with aiohttp.ClientSession(timeout=limit) as session, session.get(address) as stream:
        for client in (Client(call.base, other.api_key), Client(call.base, "wrong"), call):
            await client.start(HALF)
            await client.start(GOOD)
        await admin("DELETE", "/tenants", tenant=tenant.name)
        await mock.stop()
        told = [json.loads(line) for line in (await stream.content.read()).splitlines()]
    assert [(entry["tenant"], entry["status"]) for entry in told] == [(tenant.name, 200)]
