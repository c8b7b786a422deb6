"""Planted secrets: none reaches a file or a line, and the scan finds each where the scrubber is left out."""

import base64
import gzip
import json
from urllib.parse import quote

import jwt
import pytest
from aiohttp import web

from mockvendors.cassettes.dress import views
from mockvendors.cassettes.interaction import Answer, Interaction, Sent
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
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


def sends(*, kind="application/json", body=b"{}", url=SESSION, headers=(), told="", answer=None, answered=()):
    """Return an exchange with a client's headers and body, and a refusal with this cause, or this answer."""
    reply = Answer(400, "Bad Request", (("Content-Type", "application/json"), *answered), json.dumps({"message": told}).encode())
    sent = Sent("POST", ADDRESS + url, (("Content-Type", kind), *headers), body)
    return Interaction(sent, answer or reply)


def basic(text):
    return ("Authorization", f"Basic {base64.b64encode(text.encode()).decode()}")


def octets(text):
    return "".join(f"%{sign:02x}" for sign in text.encode())


NESTED_TWICE = json.dumps({"k": json.dumps({"l": "plain canary"})})
PART = b'--b\r\nContent-Disposition: form-data; name="api_key"\r\n\r\nplain canary\r\n--b--'
BEARER = ("Authorization", f"Bearer {KEY}")
CLAIMED = ("Authorization", f"Bearer {jwt.encode({'sub': 'plain canary', 'canary': 1, 'a': {'canary': 'x'}}, 'k' * 32)}")
HIDDEN = {
    "text": sends(kind="text/plain", body=b"the login of canary is plain words"),
    "text, echoed": sends(kind="text/plain", body=b"user=joe&pw=plaincanary", told="no plaincanary"),
    "multipart as text": sends(kind="text/plain", body=PART, told="no plain canary"),
    "multipart": sends(kind="multipart/form-data; boundary=b", body=PART, told="no plain canary"),
    "form, echoed": sends(kind="application/x-www-form-urlencoded", body=b"a=plain+canary", told="no plain canary"),
    "HTML": sends(answer=Answer(200, "OK", (("Content-Type", "text/html"),), b"<h1>Welcome canary</h1>")),
    "events": sends(answer=Answer(200, "OK", (("Content-Type", "text/event-stream"),), b'data: {"a": "canary"}\n\n')),
    "body that looks scrubbed": sends(kind="text/plain", body=b"<body:1 canary>"),
    "JSON in JSON, escaped": sends(body=json.dumps({"x": NESTED_TWICE}).encode(), told=json.dumps(NESTED_TWICE)),
    "JSON in JSON, inner": sends(body=json.dumps({"x": NESTED_TWICE}).encode(), told="it says plain canary there"),
    "JSON in a cause": sends(told=NESTED_TWICE),
    "odd mark": sends(told='5" of {"a": "canary"}'),
    "odd marks": sends(told='5" of "canary" and 6"'),
    "odd apostrophe": sends(told="a ' 'canary' there"),
    "mark that never closes": sends(told="said `canary and"),
    "octet by octet": sends(headers=[BEARER], told=f"key {octets(KEY)}"),
    "octet by octet, twice": sends(headers=[BEARER], told=f"key {octets(octets(KEY))}"),
    "percent, twice": sends(body=b'{"x": "a canary/b"}', told=f"no {quote(quote('a canary/b', safe=''), safe='')}"),
    "escapes": sends(headers=[BEARER], told="key " + "".join(f"\\u{ord(sign):04x}" for sign in KEY)),
    "entities": sends(headers=[BEARER], told="key " + "".join(f"&#{ord(sign)};" for sign in KEY)),
    "encoded in a header": sends(headers=[BEARER], answered=[("Server", octets(KEY))]),
    "base64": sends(headers=[BEARER], told=f"key {base64.b64encode(KEY.encode()).decode()}"),
    "a part of a key": sends(headers=[BEARER], told="key beginning NARYkey0 is wrong"),
    "Basic": sends(headers=[basic("joecanary:plaincanary")], told="user joecanary with plaincanary"),
    "cookie": sends(headers=[("Cookie", "a=1; b=plaincanary")], told="cookie plaincanary"),
    "cookie with JSON": sends(headers=[("Cookie", f"b={quote(NESTED_TWICE)}")], told="no plain canary"),
    "Set-Cookie": sends(answered=[("Set-Cookie", "b=plaincanary; Path=/")], told="no plaincanary"),
    "Digest": sends(headers=[("Authorization", 'Digest username="joe canary", realm="canary"')], told="joe canary of canary"),
    "unknown scheme": sends(headers=[("Authorization", "Mine canary-one, k=canary-two")], told="canary-one or canary-two"),
    "claims": sends(headers=[CLAIMED], told="user plain canary"),
    "claims' names": sends(body=json.dumps({"environment": {"livekitToken": CLAIMED[1].partition(" ")[2]}}).encode()),
    "names in a map": sends(body=b'{"balances": {"canary": 5, "x": [{"canary": true}]}}'),
    "name of a header": sends(headers=[("X-Canary", "plain")]),
    "value of a header that is left out": sends(headers=[("X-Mine", "plain canary")], told="no plain canary"),
    "bare word of the query": sends(url=f"{SESSION}?canary&canary="),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_none_is_written_from_any_hiding_place(contract, tmp_path, name):
    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "mine", secrets=set())
    recorder.add("exchanges", HIDDEN[name])
    recorder.save()()
    everything = b"".join(path.read_bytes() for path in recorder.folder.iterdir()).lower()
    decoded = "\n".join(views(everything.decode())).casefold()
    for form in ("canary", "narykey0", octets("canary"), base64.b64encode(b"sk-CANARY").decode().lower()[:-1]):
        assert form not in decoded
    assert recorder.count == 1


def test_a_part_of_a_key_that_comes_later_is_taken_out_of_what_is_there(contract, tmp_path):
    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "mine", secrets=set())
    recorder.add("exchanges", sends(told="key beginning NARYkey0 is wrong"))
    recorder.add("exchanges", sends(headers=[BEARER]))
    recorder.save()()
    assert b"narykey0" not in (recorder.folder / "exchanges.yaml").read_bytes().lower()


@pytest.mark.parametrize("host", ["sk-canary0123456789.example", "words.of.canary"])
def test_a_host_that_looks_like_a_secret_is_not_in_the_header(contract, tmp_path, host):
    at = f"http://{host}"
    recorder = Recorder(contract, Upstream.parse(at), tmp_path / "anam" / "mine", secrets={"words.of.canary"})
    recorder.add("exchanges", exchange({}, {}, at=at))
    recorder.save()()
    assert b"canary" not in b"".join(path.read_bytes() for path in recorder.folder.iterdir())
    assert read_recording(recorder.folder, contract).header.upstream == "http://vendor.invalid"


@pytest.mark.parametrize("key", ["invalid", "session", "message", "interactions", "cookie"])
def test_a_wrong_key_that_is_a_word_of_every_recording_is_no_secret(contract, tmp_path, key):
    """Otherwise a file in which that word stands could never be written."""
    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "mine", secrets=set())
    recorder.add("exchanges", exchange({}, {"error": "x", "message": "no"}, headers=[("Authorization", f"Bearer {key}")]))
    recorder.save()()
    assert read_recording(recorder.folder, contract).cassettes[0].interactions[0].sent.header("authorization") == "Bearer <key:1>"


DRESSES = [
    PERSONA,
    PERSONA.upper(),
    quote(PERSONA, safe=""),
    "Q2FuYXJ5IHRoZSBQZXJzb25h",
    "xxQ2FuYXJ5IHRoZSBQZXJzb25hxx",
    octets(PERSONA),
    octets(octets(PERSONA)),
    quote(quote(PERSONA)),
    PERSONA.replace(" ", "\\u0020"),
    PERSONA.replace(" ", "&#32;"),
    PERSONA.replace(" ", "+"),
]


@pytest.mark.parametrize("shown", DRESSES)
def test_the_scan_finds_a_known_secret_in_every_dress(contract, shown):
    """A name looks like nothing: only who knows it finds it. As a key it is found in base64 too, wherever that begins."""
    raw = exchange({}, {"error": "x", "message": f"of {shown} here"}, at="https://vendor.invalid")
    public = public_words(contract)
    assert Scanner(public).find(raw) == [] or "Q2Fu" in shown
    assert "a known secret" in {finding.kind for finding in Scanner(public, secrets=[PERSONA]).find(raw)}


@pytest.mark.parametrize("part", ["nary0123", "y0123456", "CANARY01"])
def test_the_scan_finds_a_part_of_a_known_secret(contract, part):
    raw = exchange({}, {"error": "x", "message": f"key beginning {part}"}, at="https://vendor.invalid")
    public = public_words(contract)
    assert Scanner(public).find(raw) == []
    found = {finding.kind for finding in Scanner(public, secrets=["plainCanary0123456"]).find(raw)}
    assert found == {"a part of a known secret"}


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
