"""The journal: whole, in order, waited for, without secrets."""

import asyncio
import random

import aiohttp
import pytest

from mockvendors.faults import LostAnswer, ResetBefore, Status
from mockvendors.redact import fingerprint

from .bodies import body, room, sized


async def test_500_mixed_requests_are_all_there(call, tenant, mock):
    tenant.faults.add(Status(503), "startSession", range(1, 500, 7))
    tenant.faults.add(ResetBefore(), "startSession", range(3, 500, 11))
    tenant.faults.add(LostAnswer(), "startSession", range(5, 500, 13))
    seen = []

    async def one(number, session):
        mix = random.Random(number)  # noqa: S311 - the same each time
        path, sent, key = mix.choice(
            [
                ("/v1/engine/session", body(), call.key),
                ("/v1/engine/session", sized(1, 2), call.key),
                ("/v1/auth/session-token", body(), call.key),
                ("/v1/nowhere", {}, call.key),
                ("/v1/engine/session", body(), "wrong"),
            ]
        )
        headers = {"Authorization": f"Bearer {key}", "X-Number": str(number)}
        try:
            async with session.post(f"{call.base}{path}?n={number}", json=sent, headers=headers) as reply:
                seen.append((number, reply.status))
        except aiohttp.ClientError:
            seen.append((number, None))

    connector = aiohttp.TCPConnector(limit=40, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        await asyncio.gather(*(one(number, session) for number in range(500)))
    entries = [*tenant.journal.entries, *mock.journal.entries]
    assert sorted((int(entry.headers["x-number"]), entry.status or 0) for entry in entries) == sorted(
        (number, status or 0) for number, status in seen
    )
    assert {entry.note for entry in entries} <= {"", "connection cut"}
    assert [entry.number for entry in tenant.journal.entries] == list(range(1, len(tenant.journal.entries) + 1))
    starts = tenant.journal.calls("startSession")
    assert [entry.call for entry in starts] == list(range(1, len(starts) + 1))
    made = {entry.session for entry in starts if entry.session}
    assert made == set(tenant.sessions)


async def test_entry(call, tenant):
    await call.start(sized(720, 1280), headers={"Authorization": f"Bearer {call.key}", "X-Mine": "yes"})
    (entry,) = tenant.journal.entries
    assert (entry.tenant, entry.operation, entry.call) == (fingerprint(call.key), "startSession", 1)
    assert (entry.method, entry.path, entry.status) == ("POST", "/v1/engine/session", 400)
    assert entry.headers["x-mine"] == "yes"
    assert entry.headers["authorization"] == f"Bearer {fingerprint(call.key)}"
    assert entry.body == sized(720, 1280)
    assert entry.reply["error"] == "Bad request"
    assert entry.broken == ("anam.size.pair",)
    assert 0 <= entry.at < 5


async def test_text_has_a_line_an_entry(call, tenant):
    await call.start(sized(720, 1280))
    await call.start(room())
    first, second = tenant.journal.text().splitlines()
    assert "POST /v1/engine/session 400  anam.size.pair" in first
    assert f"session {next(iter(tenant.sessions))}" in second


async def test_wait_for_what_comes_later(call, tenant):
    waiting = asyncio.create_task(tenant.journal.wait_for(lambda entry: entry.status == 200, 2))
    await call.start({})
    await call.start(body())
    assert (await waiting).number == 2


async def test_wait_for_shows_the_journal_when_it_gives_up(call, tenant):
    await call.start({})
    with pytest.raises(TimeoutError, match=r"(?s)within 0.05 s.*POST /v1/engine/session 400"):
        await tenant.journal.wait_for(lambda entry: entry.status == 200, 0.05)


async def test_no_secret_is_stored(call, tenant, mock):
    token = (await call.token(room())).body["sessionToken"]
    await call.start({}, key=token)
    await call.start({"apiKey": call.key, "note": f"key {call.key}", call.key: 1})
    await call("GET", f"/v1/sessions/{call.key}?api_key={call.key}&token={token}")
    await call("POST", "/v1/engine/session", data=b'{"apiKey": "' + call.key.encode() + b'", broken')
    await call.start(body(), headers={"Authorization": "Bearer canary-unknown-key", "Cookie": "a=canary-cookie"})
    escaped = '{"x": "' + "".join(f"\\u{ord(letter):04x}" for letter in call.key) + '"}'
    headers = {"Authorization": f"Bearer {call.key}", "Content-Type": "application/json"}
    await call("POST", "/v1/engine/session", data=escaped.encode(), headers=headers)
    stored = repr(tenant.journal.entries) + repr(mock.journal.entries) + tenant.journal.text() + mock.journal.text()
    for secret in (call.key, token, "join-token", "canary-unknown-key", "canary-cookie", token.split(".")[2]):
        assert secret not in stored
    assert fingerprint(call.key) in stored
