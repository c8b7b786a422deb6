"""Planted secrets: none reaches a file or a line, and the scan finds each where the scrubber is left out."""

import gzip
import json
from urllib.parse import quote

import jwt
import pytest
from aiohttp import web

from mockvendors.cassettes.interaction import Answer, Interaction, Sent
from mockvendors.cassettes.scan import Scanner, SecretFound
from mockvendors.cassettes.scrub import Scrubber
from mockvendors.cassettes.vocabulary import public_words
from tests.cassettes.conftest import ADDRESS, AVATAR, SESSION, exchange
from tests.cassettes.test_proxy import upstream
from tests.wire import raw

KEY = "sk-CANARYkey0123456789"
QUERY = "CANARYq7Zr2Lw9Xk4Vt1"
NESTED = "CANARY-nested-9f8e7d6c5b4a"
NAME = "CANARYfield0f1e2d3c4b5a"
USER = "canaryuser"
PASSWORD = "CANARYpw83hf7"
MAIL = "canary@secret.example"
ROOM = "CANARY private room"
HEADER = "CANARYheader5d4c3b2a1f0e"
COOKIE = "CANARYcookie77aa88bb99cc"
ECHO = "CANARY-echo-3a2b1c0d9e8f"
PACKED = "CANARYgzip00ff11ee22dd33"
PERSONA = "Canary the Persona"
JWT = jwt.encode({"sub": "CANARY identity", "video": {"room": ROOM, "roomJoin": True}, "exp": 2_000_000_000}, "k" * 32)
ALL = [KEY, QUERY, NESTED, NAME, USER, PASSWORD, MAIL, ROOM, HEADER, COOKIE, ECHO, PACKED, PERSONA, JWT, *JWT.split(".")]

BODY = {
    "personaConfig": {"name": PERSONA, "avatarId": ECHO, NAME: {"deep": [{"er": NESTED}]}, "note": f"write to {MAIL}"},
    "environment": {"livekitUrl": f"wss://{USER}:{PASSWORD}@x.livekit.cloud/", "livekitToken": JWT},
}
HEADERS = {
    "Authorization": f"Bearer {KEY}",
    "Content-Type": "application/json",
    "X-Private": HEADER,
    "Cookie": f"session={COOKIE}",
    "User-Agent": f"client/1 {HEADER}",
}


def absent(everything: bytes):
    lower = everything.lower()
    for canary in ALL:
        for form in (canary, quote(canary), json.dumps(canary)[1:-1]):
            assert form.encode().lower() not in lower, canary
    assert b"canary" not in lower
    assert b"eyj" not in lower


async def test_none_reaches_the_disk_or_a_line_from_a_real_mock(mock, record, http):
    """The mock repeats the id of an avatar in its cause, and the key is one of its own."""
    tenant = mock.new_tenant("anam", KEY)
    tenant.set("avatars", "none")
    tenant.set("unknown_avatars", "refuse")
    recorded = await record(mock.base_url("anam"))
    async with http.post(f"{recorded.url}{SESSION}?x={QUERY}&{QUERY}=1", json=BODY, headers=HEADERS) as reply:
        assert reply.status == 404
        assert ECHO in (await reply.json())["message"]
    async with http.get(f"{recorded.url}/v1/sessions/{ECHO}", headers=HEADERS) as reply:
        assert reply.status == 404
    async with http.post(f"{recorded.url}/{QUERY}/{MAIL}", data=f"key={KEY}", headers=HEADERS) as reply:
        assert reply.status == 404
    everything = (await recorded.stop()).everything()
    assert len(recorded.interactions) == 3
    assert len(recorded.lines) == 3
    absent(everything)


async def test_none_reaches_the_disk_or_a_line_from_a_talkative_server(stranger, record, http):
    answer = {
        "error": f"no {ECHO}",
        "message": f"key {KEY} of {MAIL} in '{ROOM}' at https://{USER}:{PASSWORD}@x/ {JWT}",
        NAME: PACKED,
    }

    def reply(_request):
        private = {"Set-Cookie": f"s={COOKIE}", "X-Private": HEADER, "Server": f"x {HEADER}"}
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json", **private}
        body = gzip.compress(json.dumps(answer).encode())
        return web.Response(status=400, reason=f"Not {QUERY}", body=body, headers=headers)

    stranger.answer = reply
    recorded = await record(stranger.url)
    async with http.post(f"{recorded.url}{SESSION}?x={QUERY}", json=BODY, headers=HEADERS) as passed:
        assert json.loads(gzip.decompress(await passed.read())) == answer
        assert passed.reason == f"Not {QUERY}"
    absent((await recorded.stop()).everything())
    assert len(recorded.interactions) == 1


@pytest.mark.parametrize(
    "head",
    [f"Set-Cookie@: session={COOKIE}", f"HTTP {HEADER}", f"X-Private: {HEADER}\x00", f"Content-Length: {QUERY}"],
    ids=["name", "no header", "value", "length"],
)
async def test_none_reaches_a_line_or_the_client_from_an_answer_that_is_none(record, head):
    """The library's error quotes the line that it cannot read."""
    async with upstream(f"HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: 0\r\n\r\n".encode()) as url:
        recorded = await record(url)
        received, _ = await raw(recorded.url, f"GET /v1/avatars HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}\r\n\r\n".encode(), 1)
    assert received.startswith(b"HTTP/1.1 502 Bad Gateway")
    assert b"was not reached: ClientResponseError. This answer" in received
    assert len(recorded.lines) == 1
    absent(received + (await recorded.stop()).everything())


async def test_a_named_secret_of_the_environment_is_taken_out_of_a_cause(stranger, record, http):
    stranger.answer = lambda _request: web.json_response({"error": "x", "message": "plain words of canary are there"}, status=400)
    recorded = await record(stranger.url, secrets={"words of canary"})
    async with http.get(recorded.url + "/v1/avatars") as reply:
        assert reply.status == 400
    absent((await recorded.stop()).everything())
    assert json.loads(recorded.interactions[0].answer.body)["message"] == "plain <key> are there"


@pytest.mark.parametrize(
    "raw",
    [
        exchange(headers=[("Authorization", f"Bearer {KEY}")]),
        exchange(headers=[("X-Private", HEADER)]),
        exchange(headers=[("Cookie", f"session={COOKIE}")]),
        exchange(headers=[(f"X-{HEADER}", "1")]),
        exchange(url=f"{SESSION}?x={QUERY}"),
        exchange(url=f"{SESSION}?{QUERY}=1"),
        exchange(url=f"/v1/sessions/{quote(NESTED)}"),
        exchange(at=f"http://{USER}:{PASSWORD}@127.0.0.1"),
        exchange({"a": [{"b": {"c": NESTED}}]}),
        exchange({"a": {NAME: 1}}),
        exchange({"a": JWT}),
        exchange({"a": f"to {MAIL}"}),
        exchange({"a": f"wss://{USER}:{PASSWORD}@x"}),
        exchange({"a": '<jwt:1 {"sub": "' + NESTED + '"}>'}),
        exchange({}, {"error": "x", "message": f"no {ECHO}"}),
        exchange({}, gzip.compress(PACKED.encode())),
        exchange({}, PACKED.encode()),
        exchange({}, {"a": "-----BEGIN PRIVATE KEY-----"}),
        exchange({}, {"a": 123456789012}),
        exchange({}, {"a": "password=hunter22"}),
    ],
    ids=lambda raw: raw.sent.url.removeprefix(ADDRESS) + raw.sent.body.decode()[:20] + repr(raw.answer.body)[:30],
)
def test_the_scan_alone_finds_each(contract, raw):
    at = raw.sent.url.replace(ADDRESS, "https://vendor.invalid")
    bypassed = Interaction(Sent(raw.sent.method, at, raw.sent.headers, raw.sent.body), raw.answer)
    found = Scanner(public_words(contract)).find(bypassed)
    assert found
    assert not any(canary in str(found) for canary in ALL)


@pytest.mark.parametrize(
    "shown", [PERSONA, PERSONA.upper(), quote(PERSONA, safe=""), "Q2FuYXJ5IHRoZSBQZXJzb25h", "xxQ2FuYXJ5IHRoZSBQZXJzb25hxx"]
)
def test_the_scan_finds_a_known_secret_in_every_dress(contract, shown):
    """A name looks like nothing: only who knows it finds it. As a key it is found in base64 too, wherever that begins."""
    raw = exchange({}, {"error": "x", "message": f"of {shown} here"}, at="https://vendor.invalid")
    public = public_words(contract)
    assert Scanner(public).find(raw) == [] or "Q2Fu" in shown
    assert "a known secret" in {finding.kind for finding in Scanner(public, secrets=[PERSONA]).find(raw)}


def test_the_scan_finds_what_was_taken_out_elsewhere(contract):
    raw = exchange({}, {"error": "x", "message": f"of {PERSONA.upper()} here"}, at="https://vendor.invalid")
    (finding,) = Scanner(public_words(contract), originals=[PERSONA]).find(raw)
    assert (finding.kind, finding.place) == ("a value that was taken out elsewhere", "body of the answer/message")


def test_a_refusal_names_the_place_and_not_the_secret(contract):
    raw = exchange({"personaConfig": {NAME: {"name": KEY}}}, at="https://vendor.invalid")
    with pytest.raises(SecretFound) as refused:
        Scanner(public_words(contract)).check("x.yaml", [exchange({}, at="https://vendor.invalid"), raw])
    text = str(refused.value)
    assert text.startswith("x.yaml, interaction 2, name of a field in body of the request/personaConfig holds a random text")
    assert "\n" not in text
    assert not any(canary in text for canary in ALL)


async def test_what_the_scan_refuses_is_passed_on_and_not_written(mock, tenant, record, http, monkeypatch):
    """Here the scrubber is broken: it lets everything through."""
    monkeypatch.setattr(Scrubber, "interaction", lambda _self, raw: raw)
    recorded = await record(mock.base_url("anam"))
    headers = {"Authorization": f"Bearer {tenant.api_key}"}
    async with http.post(recorded.url + SESSION, json={"personaConfig": {"avatarId": AVATAR}}, headers=headers) as reply:
        assert reply.status == 200
    with pytest.raises(SecretFound):
        await recorded.stop()
    assert not recorded.recorder.folder.exists()
    assert recorded.recorder.missing == 1
    assert tenant.api_key not in "".join(recorded.lines)
    assert "not recorded: this request" in recorded.lines[0]


async def test_a_value_that_is_learnt_later_is_taken_out_of_what_is_there(stranger, record, http):
    """The persona's name looks like nothing, and stands in a cause before any request names it."""
    stranger.answer = lambda _request: web.json_response({"error": "x", "message": f"no {PERSONA} here"}, status=400)
    recorded = await record(stranger.url)
    async with http.get(recorded.url + "/v1/avatars"):
        pass
    async with http.post(recorded.url + SESSION, json={"personaConfig": {"name": PERSONA}}):
        pass
    await recorded.stop()
    absent(recorded.everything())
    assert [json.loads(each.answer.body)["message"] for each in recorded.interactions] == ["no <text:18> here"] * 2


def test_an_answer_of_a_stranger_never_makes_the_scan_crash(contract):
    for body in (b"\xff", b"[" * 100_000, b'{"a":' * 100 + b"1" + b"}" * 100, b"9" * 5000, b'"\\ud800"'):
        scrubbed = Scrubber(contract).interaction(Interaction(Sent("GET", "http://[bad/v1"), Answer(200, body=body)))
        assert Scanner(public_words(contract)).find(scrubbed) == []
