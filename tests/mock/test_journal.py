"""The journal: whole, in order, waited for, without secrets."""

import asyncio
import base64
import random
from urllib.parse import quote

import aiohttp
import jwt
import msgspec
import pytest

from mockvendors.cli.narrator import Narrator
from mockvendors.faults import LostAnswer, ResetBefore, Status
from mockvendors.inspector.facts import facts
from mockvendors.inspector.scene import Scene
from mockvendors.journal import Journal
from mockvendors.redact import fingerprint

from .bodies import CARA_4, body, room, sized


async def test_500_mixed_requests_are_all_there(call, tenant, mock):
    tenant.faults.add(Status(503), "startSession", range(1, 500, 9))
    tenant.faults.add(ResetBefore(), "startSession", range(4, 500, 9))
    tenant.faults.add(LostAnswer(), "startSession", range(7, 500, 9))
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


FOREIGN = "anam_Zq8Xw2Lm5Tt7Pp1Rk"
"""What an agent's shell may still hold: the vendor's own key, of no customer here."""


@pytest.mark.parametrize(
    "credential",
    [
        {"Authorization": f"Bearer {FOREIGN}"},
        {"Authorization": FOREIGN},
        {"Authorization": "Basic " + base64.b64encode(f"me:{FOREIGN}".encode()).decode()},
        {"X-Api-Key": FOREIGN},
        {"Cookie": f"a=1; sid={FOREIGN}"},
        {"Authorization": "Bearer {own}", "X-Api-Key": FOREIGN},
    ],
    ids=str,
)
async def test_a_key_of_nobody_here_goes_wherever_the_request_repeats_it(call, tenant, mock, credential):
    lines = []
    scene = Scene({"anam": tenant}, {"anam": call.base}, mock.journal, mock.harness_faults)
    narrator = Narrator(scene, lambda line, _style: lines.append(line))
    head = {name: value.format(own=call.key) for name, value in credential.items()}
    named = {**head, "Content-Type": "application/json", "X-Custom": FOREIGN, "Referer": f"https://x/?k={FOREIGN}", FOREIGN: "1"}
    for path in (f"/v1/sessions/{FOREIGN}/stop?k={FOREIGN}", f"/{quote(FOREIGN, safe='')}", "/v1/engine/session"):
        await call("POST", path, {"note": f"with {FOREIGN}", FOREIGN: FOREIGN, "hex": FOREIGN.encode().hex()}, headers=named)
    await call("POST", "/v1/engine/session", data=f"hello {FOREIGN}".encode(), headers=named)
    narrator.look()
    stored = repr(tenant.journal.entries) + repr(mock.journal.entries) + "\n".join(lines)
    assert len(tenant.journal.entries) + len(mock.journal.entries) == 4
    for secret in (FOREIGN, FOREIGN.encode().hex(), FOREIGN.lower()):
        assert secret not in stored + msgspec.json.encode(facts(scene, [])).decode()
    assert fingerprint(FOREIGN) in stored
    later = {"Authorization": "Bearer wrong", "X-Custom": FOREIGN}
    await call("GET", "/v1/avatars", headers=later)
    assert mock.journal.entries[-1].headers["x-custom"] == FOREIGN, "it is kept nowhere, not even to be known again"


def asked(journal, sent=b"", path="/"):
    return journal.open(tenant="", operation="any", method="GET", path=path, headers={}, sent=sent)


async def test_the_newest_are_kept_and_the_dropped_are_told():
    journal = Journal(entries_kept=100)
    for number in range(250):
        journal.close(asked(journal, path=f"/{number + 1}"), status=200)
    assert 90 <= len(journal.entries) <= 100
    assert [entry.number for entry in journal.entries] == list(range(journal.dropped + 1, 251))
    assert [entry.path for entry in journal.entries] == [f"/{entry.number}" for entry in journal.entries]
    assert journal.entries[-1].call == 250, "calls are counted on, since faults are addressed by them"
    first, *lines = journal.text().splitlines()
    assert first == f"(the first {journal.dropped} requests are not kept any more)"
    assert len(lines) == len(journal.entries)


async def test_a_case_loses_nothing():
    journal = Journal()
    for _ in range(1000):
        journal.close(asked(journal, sent=b"x" * 10_000), status=200)
    assert (len(journal.entries), journal.dropped) == (1000, 0)
    assert "not kept" not in journal.text()


async def test_what_is_answered_after_it_was_dropped_disturbs_nothing():
    journal = Journal(entries_kept=10)
    slow = asked(journal, path="/slow")
    for _ in range(30):
        journal.close(asked(journal), status=200)
    assert journal.close(slow, status=503).status == 503
    assert {entry.path for entry in journal.entries} == {"/"}
    assert {entry.status for entry in journal.entries} == {200}


async def test_large_bodies_are_bounded_too():
    journal = Journal(bytes_kept=1000)
    for _ in range(50):
        journal.close(asked(journal, sent=b"x" * 90), status=200, answered=b"y" * 10)
    assert len(journal.entries) <= 10
    huge = asked(journal, sent=b"x" * 5000)
    assert journal.entries == [huge], "what was seen last is always there"
    journal.close(huge, status=200)
    journal.close(asked(journal), status=200)
    assert [entry.sent for entry in journal.entries] == [b""]


@pytest.mark.parametrize("setting", ["refuse", "accept"])
async def test_no_secret_reaches_the_page_or_the_lines_of_serve(call, tenant, mock, setting):
    tenant.set("unknown_avatars", setting)
    tenant.set("avatars", "none")
    lines = []
    scene = Scene({"anam": tenant}, {"anam": call.base}, mock.journal, mock.harness_faults)
    narrator = Narrator(scene, lambda line, _style: lines.append(line))
    token = jwt.encode({"video": {"room": "r"}, "sub": call.key}, "k" * 32)
    sent = room(clientLabel=call.key, apiKey="canary-named")
    sent["environment"] = {"livekitUrl": f"wss://user:canary-password@{call.key}:7880", "livekitToken": token}
    for avatar in (CARA_4, call.key, token):
        await call.start({**sent, "personaConfig": {"avatarId": avatar, "name": f"Bearer {call.key}"}})
        await call.start({**body(avatar), "sessionOptions": {"videoWidth": call.key}})
    await call("GET", f"/v1/sessions/{call.key}?token=canary-query")
    await call("GET", f"/{call.key}", key="canary-key-1")
    narrator.look()
    shown = (
        msgspec.json.encode(facts(scene, [])).decode() + "\n".join(lines) + tenant.journal.text() + repr(tenant.journal.entries)
    )
    assert len(lines) >= 8
    for secret in (call.key, token.split(".")[2], "canary-named", "canary-password", "canary-query", "canary-key-1"):
        assert secret not in shown
