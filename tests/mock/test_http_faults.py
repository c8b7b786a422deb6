"""What each fault of the exchange does on the wire, seen from a raw socket, and whether a session was made."""

import asyncio
import json
from dataclasses import dataclass, field, replace

import pytest

from mockvendors import limits
from mockvendors.faults import (
    FAULTS,
    AvatarFault,
    CutBody,
    Delay,
    EmptyBody,
    Fault,
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


@dataclass(frozen=True)
class Seen:
    """One start, from outside; the defaults are what a right vendor shows."""

    end: str = "closed"
    status: int | None = 200
    kind: str | None = "application/json"
    body: str = "whole"
    """`whole`, `broken` (of the length announced, yet no JSON), `part` (shorter than announced), or the text itself."""
    sessions: int = 1


@dataclass(frozen=True)
class Row:
    """A fault and all that it changes of a start."""

    fault: Fault
    shows: dict[str, object] = field(default_factory=dict)
    listen: float = 5.0
    """Seconds on the socket, where it does not end."""


UNANSWERED = {"status": None, "kind": None, "body": ""}
ROWS = [
    Row(Delay(30), {**UNANSWERED, "end": "open", "sessions": 0}, listen=0.3),
    Row(Status(503), {"status": 503, "body": '{"error": "No capacity available"}', "sessions": 0}),
    Row(Stall(), {**UNANSWERED, "end": "open", "sessions": 0}, listen=0.3),
    Row(ResetBefore(), {**UNANSWERED, "end": "reset", "sessions": 0}),
    Row(LostAnswer(), {**UNANSWERED, "end": "reset"}),
    Row(NoContent(), {"status": 204, "kind": None, "body": ""}),
    Row(MissingField("sessionId"), {"body": "whole without sessionId"}),
    Row(InvalidJson(), {"body": "broken"}),
    Row(EmptyBody(), {"body": ""}),
    Row(JsonNull(), {"body": "null"}),
    Row(JsonArray(), {"body": "[]"}),
    Row(JsonEmptyObject(), {"body": "{}"}),
    Row(WrongContentType("text/plain"), {"kind": "text/plain"}),
    Row(Trickle(bytes_per_second=20), {"body": "part", "end": "open"}, listen=1.5),
    Row(CutBody(), {"body": "part"}),
]


def parse(received):
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), headers, body


def told(headers, body):
    if len(body) < int(headers.get("content-length", 0)):
        return "part"
    if len(body) < 5:
        return body.decode()
    try:
        found = json.loads(body)
    except ValueError:
        return "broken"
    if "error" in found:
        return json.dumps({"error": found["error"]})
    return "whole" if "sessionId" in found else "whole without sessionId"


async def start(raw, start_bytes, tenant, listen=5.0):
    received, end = await raw(start_bytes, limit=listen)
    if not received:
        return Seen(end, None, None, "", len(tenant.sessions))
    status, headers, body = parse(received)
    return Seen(end, status, headers.get("content-type"), told(headers, body), len(tenant.sessions))


def test_every_fault_of_the_exchange_has_a_row():
    known = {name for name, kind in FAULTS.items() if not issubclass(kind, AvatarFault)}
    assert sorted(row.fault.name for row in ROWS) == sorted(known)
    assert all(row.shows for row in ROWS), "a row that shows nothing proves nothing"


async def test_a_right_vendor(tenant, raw, start_bytes):
    assert await start(raw, start_bytes, tenant) == Seen()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault.name)
async def test_effect(tenant, raw, start_bytes, mock, row):
    tenant.faults.add(row.fault)
    assert await start(raw, start_bytes, tenant, row.listen) == replace(Seen(), **row.shows)
    await tenant.journal.wait_for(lambda entry: entry.faults == (row.fault.name,), 5)
    assert tenant.faults.unmet() == []
    assert mock.harness_faults == [], "a fault that was asked for is none of ours"


async def test_a_client_that_leaves_a_silent_vendor_has_made_no_session(tenant, raw, start_bytes):
    for fault in (Stall(), Delay(30)):
        tenant.faults.clear()
        tenant.faults.add(fault)
        await raw(start_bytes, limit=0.2)
        entry = await tenant.journal.wait_for(lambda entry, name=fault.name: entry.faults == (name,), 5)
        assert (entry.status, entry.note) == (None, "client left")
    assert not tenant.sessions


async def test_a_stalled_request_is_in_the_journal_while_it_waits(tenant, call):
    tenant.faults.add(Stall())
    waiting = asyncio.create_task(call.start({}))
    entry = await tenant.journal.wait_for(lambda entry: entry.operation == "startSession", limits.SESSION_END)
    assert (entry.number, entry.note) == (1, "open")
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.parametrize("fault", [ResetBefore(), LostAnswer()], ids=repr)
async def test_the_journal_has_the_session_of_a_lost_answer(tenant, raw, start_bytes, fault):
    tenant.faults.add(fault)
    await raw(start_bytes)
    (entry,) = tenant.journal.entries
    assert (entry.status, entry.note) == (None, "connection cut")
    assert entry.session == next(iter(tenant.sessions), None)


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        (Status(503), 503, "No capacity available"),
        (Status(402), 402, "No plan found"),
        (Status(429, "Spend cap reached"), 429, "Spend cap reached"),
        (Status(429, "Concurrent session limit reached"), 429, "Concurrent session limit reached"),
        (Status(502), 502, "Bad Gateway"),
        (Status(499), 499, "Status 499"),
    ],
    ids=repr,
)
async def test_a_status_has_the_vendors_own_words(tenant, call, fault, status, error):
    tenant.faults.add(fault, "startSession", 1)
    answer = await call.start({})
    assert (answer.status, answer.body["error"]) == (status, error)
    assert answer.headers["Content-Type"] == "application/json"


async def test_a_status_takes_words(tenant, call):
    tenant.faults.add(Status(500, "Boom", "why", "cause"))
    assert (await call.start({})).body == {"error": "Boom", "message": "why", "reason": "cause"}


async def test_delay_proceeds(tenant, call):
    tenant.faults.add(Delay(0.05))
    answer = await call.start({"personaConfig": {"personaId": "nobody"}})
    assert answer.status == 404


async def test_trickle_arrives_whole(tenant, call):
    tenant.faults.add(Trickle(bytes_per_second=5000))
    answer = await call("GET", "/v1/sessions/concurrency")
    assert answer.body["active"] == 0


async def test_an_answer_without_body_is_not_given_one(tenant, call):
    session = (await call.start({"personaConfig": {"avatarId": "6c1f0d3e-5b0a-4c58-9d1e-000000000001"}})).body["sessionId"]
    for fault in (JsonNull(), WrongContentType(), Trickle(1), CutBody()):
        tenant.faults.add(fault, session=session)
    tenant.sessions[session].stop("stopped")
    answer = await call("DELETE", f"/v1/sessions/{session}")
    assert (answer.status, answer.body) == (204, b"")
    assert len(tenant.faults.unmet()) == 4


HELD = [Delay(60), Stall(), Trickle(1)]


async def held(raw, start_bytes, tenant):
    """Start a request that a fault holds, and return it once the fault does."""
    request = asyncio.create_task(raw(start_bytes, limit=30))
    await tenant.journal.wait_for(lambda _: True, 5)
    await asyncio.wait({request}, timeout=0.05)
    assert not request.done()
    return request


@pytest.mark.parametrize("fault", HELD, ids=lambda fault: fault.name)
@pytest.mark.parametrize("who", ["tenant", "server"])
async def test_nothing_that_is_held_outlives_the_tenant_or_the_server(mock, tenant, raw, start_bytes, *, fault, who):
    before = asyncio.all_tasks()
    tenant.faults.add(fault)
    request = await held(raw, start_bytes, tenant)
    assert len(asyncio.all_tasks() - before) > 1, "the mock holds the request"
    await (tenant.close() if who == "tenant" else mock.stop())
    assert all(entry.note != "open" for entry in tenant.journal.entries), "it has ended, not only been told to"
    _, end = await asyncio.wait_for(request, 2)
    assert end == "reset"
    assert not [task for task in asyncio.all_tasks() - before if not task.done()]
