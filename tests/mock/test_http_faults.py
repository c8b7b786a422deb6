"""What each HTTP fault does on the wire, seen from a raw socket, and whether a session was made."""

import json

import pytest

from mockvendors.faults import (
    CutBody,
    Delay,
    EmptyBody,
    InvalidJson,
    JsonArray,
    JsonEmptyObject,
    JsonNull,
    LostAnswer,
    MissingField,
    NoContent,
    ResetBefore,
    Stall,
    Status,
    Trickle,
    WrongContentType,
)


def parse(received):
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, body


@pytest.mark.parametrize(
    ("fault", "status", "kind", "body"),
    [
        (EmptyBody(), 200, "application/json", b""),
        (JsonNull(), 200, "application/json", b"null"),
        (JsonArray(), 200, "application/json", b"[]"),
        (JsonEmptyObject(), 200, "application/json", b"{}"),
        (InvalidJson(), 200, "application/json", b'{"sessionId": "'),
        (NoContent(), 204, None, b""),
    ],
    ids=repr,
)
async def test_body(tenant, raw, start_bytes, mock, *, fault, status, kind, body):
    tenant.faults.add(fault)
    received, end = await raw(start_bytes)
    found, headers, payload = parse(received)
    assert (found, headers.get("content-type"), payload, end) == (status, kind, body, "closed")
    assert len(tenant.sessions) == 1
    assert mock.harness_faults == [], "a fault that was asked for is none of ours"


async def test_wrong_content_type(tenant, raw, start_bytes):
    tenant.faults.add(WrongContentType("text/plain"))
    _, headers, body = parse((await raw(start_bytes))[0])
    assert headers["content-type"] == "text/plain"
    assert json.loads(body)["sessionId"] in tenant.sessions


async def test_missing_field(tenant, raw, start_bytes):
    tenant.faults.add(MissingField("sessionId"))
    body = json.loads(parse((await raw(start_bytes))[0])[2])
    assert "sessionId" not in body
    assert "engineHost" in body


async def test_cut_body(tenant, raw, start_bytes):
    tenant.faults.add(CutBody())
    received, end = await raw(start_bytes)
    status, headers, body = parse(received)
    assert (status, end) == (200, "closed")
    assert 0 < len(body) < int(headers["content-length"])


@pytest.mark.parametrize(("fault", "sessions"), [(ResetBefore(), 0), (LostAnswer(), 1)], ids=repr)
async def test_reset(tenant, raw, start_bytes, fault, sessions):
    tenant.faults.add(fault)
    assert await raw(start_bytes) == (b"", "reset")
    assert len(tenant.sessions) == sessions
    (entry,) = tenant.journal.entries
    assert (entry.status, entry.note, entry.faults) == (None, "connection cut", (type(fault).__name__,))
    assert entry.session == next(iter(tenant.sessions), None)


async def test_stall(tenant, raw, start_bytes):
    tenant.faults.add(Stall())
    assert await raw(start_bytes, limit=0.2) == (b"", "open")
    entry = await tenant.journal.wait_for(lambda entry: entry.note == "client left", 2)
    assert (entry.status, entry.faults) == (None, ("Stall",))
    assert not tenant.sessions


async def test_stalled_request_is_in_the_journal_while_it_waits(tenant, call):
    tenant.faults.add(Stall())
    with pytest.raises(TimeoutError):
        await call.start({}, limit=0.2)
    assert tenant.journal.calls("startSession")[0].number == 1


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (Status(503), 503, "No capacity available"),
        (Status(402), 402, "No plan found"),
        (Status(429, "Spend cap reached"), 429, "Spend cap reached"),
        (Status(429, "Concurrent session limit reached"), 429, "Concurrent session limit reached"),
        (Status(502), 502, "Bad Gateway"),
        (Status(499), 499, "Status 499"),
        (Status(500, "Boom", "why", "cause"), 500, "Boom"),
    ],
    ids=repr,
)
async def test_status(tenant, call, fault, status, error):
    tenant.faults.add(fault, "startSession", 1)
    answer = await call.start({})
    assert (answer.status, answer.body["error"]) == (status, error)
    assert answer.headers["Content-Type"] == "application/json"
    assert not tenant.sessions
    assert tenant.journal.entries[0].faults == ("Status",)


async def test_status_takes_message_and_reason(tenant, call):
    tenant.faults.add(Status(500, "Boom", "why", "cause"))
    assert (await call.start({})).body == {"error": "Boom", "message": "why", "reason": "cause"}


async def test_delay_waits_before_the_vendor_acts(tenant, raw, start_bytes):
    tenant.faults.add(Delay(30))
    assert await raw(start_bytes, limit=0.2) == (b"", "open")
    await tenant.journal.wait_for(lambda entry: entry.note == "client left", 2)
    assert not tenant.sessions


async def test_delay_proceeds(tenant, call):
    tenant.faults.add(Delay(0.05))
    answer = await call.start({"personaConfig": {"personaId": "nobody"}})
    assert answer.status == 404


async def test_trickle(tenant, raw, start_bytes):
    tenant.faults.add(Trickle(bytes_per_second=20))
    received, end = await raw(start_bytes, limit=0.4)
    status, headers, body = parse(received)
    assert (status, end) == (200, "open")
    assert 0 < len(body) < int(headers["content-length"]) / 2


async def test_trickle_arrives_whole(tenant, call):
    tenant.faults.add(Trickle(bytes_per_second=5000))
    answer = await call("GET", "/v1/sessions/concurrency")
    assert answer.body["active"] == 0
