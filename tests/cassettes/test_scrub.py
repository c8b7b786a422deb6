"""What stays in clear, and what stands for the rest."""

import gzip
import json
import time
import zlib

import jwt
import pytest

from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.scan import Scanner
from mockvendors.cassettes.scrub import Scrubber
from mockvendors.cassettes.standins import MOMENT, alike, read_stand_in
from tests.cassettes.conftest import ADDRESS, AVATAR, exchange

UUID = "0a1b2c3d-1111-4222-8333-444455556666"
FIRST = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def scrubber(contract):
    return Scrubber(contract, Upstream.parse(ADDRESS))


def sent(scrubber, body, **more):
    return json.loads(scrubber.interaction(exchange(body, **more)).sent.body)


def answered(scrubber, body, **more):
    return json.loads(scrubber.interaction(exchange({}, body, **more)).answer.body)


def persona(scrubber, **fields):
    return sent(scrubber, {"personaConfig": fields})["personaConfig"]


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("name", "Someone", "<text:7>"),
        ("name", "", ""),
        ("name", None, None),
        ("name", 123, 0),
        ("name", ["a", 1, True], ["<text:1>", 0, True]),
        ("avatarId", UUID, FIRST),
        ("avatarId", UUID.upper(), FIRST),
        ("avatarId", "my-avatar", "<id:1>"),
        ("avatarId", AVATAR, AVATAR),
        ("avatarModel", "cara-4", "cara-4"),
        ("avatarModel", "cara-99", "cara-99"),
        ("maxSessionLengthSeconds", 12.5, 12.5),
        ("maxSessionLengthSeconds", 4242424242424242, 99999999),
        ("maxSessionLengthSeconds", -4242424242424242, -99999999),
        ("maxSessionLengthSeconds", 0.123456789123, 0.123457),
        ("enableAudioPassthrough", True, True),
        ("apiKey", "abc", "<token:1>"),
        ("unknown", {"deep": [{"er": 5}]}, {"<name:1>": [{"<name:2>": 0}]}),
        ("unknown", {"name": 5}, {"name": 0}),
        ("homepage", "https://user:pass@my.example/x?y=z", "https://host-1.invalid/"),
    ],
)
def test_a_field_is_shown_or_stood_for(scrubber, field, value, shown):
    assert persona(scrubber, **{field: value}) == {field: shown}


def test_a_url_keeps_the_form_that_the_contract_asks_for(scrubber, contract):
    body = {
        "personaConfig": {"avatarId": AVATAR},
        "environment": {"livekitUrl": "wss://me:pw@x.livekit.cloud", "livekitToken": "t"},
    }
    scrubbed = sent(scrubber, body)
    assert scrubbed["environment"] == {"livekitUrl": "wss://host-1.invalid", "livekitToken": "<token:1>"}
    assert contract.operation("POST", "/v1/engine/session").check_request(scrubbed) == ()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("colour", True),
        ("some_name2", True),
        ("sk-0123456789", False),
        ("hello world", False),
        ("a" * 41, False),
        (UUID, False),
        ("VDc3o9LSOJvWFscJuitD3", False),
        ("bob@example.com", False),
    ],
)
def test_the_name_of_an_unknown_field_stays_when_it_is_a_plain_word(scrubber, name, kept):
    assert persona(scrubber, **{name: 1}) == {name if kept else "<name:1>": 0}


@pytest.mark.parametrize(
    ("line", "status", "body", "shown"),
    [
        ("POST /v1/engine/session", 200, {"sessionKey": 1}, {"sessionKey": 0}),
        ("POST /v1/engine/session", 200, {"balances": {"ada": 5, "name": 1}}, {"balances": {"<name:1>": 0, "name": 0}}),
        ("POST /v1/engine/session", 400, {"because": "ada"}, {"because": "<text:3>"}),
        ("GET /v1/unknown", 400, {"because": "ada"}, {"because": "<text:3>"}),
        ("GET /v1/unknown", 200, {"ada": 5}, {"<name:1>": 0}),
        ("GET /v1/avatars", 200, [{"ada": 5}], [{"<name:1>": 0}]),
    ],
)
def test_a_name_stays_beside_those_that_the_contract_has_and_nowhere_else(scrubber, line, status, body, shown):
    """There it is a renamed or a new field, which drift is to show."""
    method, url = line.split()
    raw = scrubber.interaction(exchange(None, body, method=method, url=url, status=status))
    assert json.loads(raw.answer.body) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-01-01T00:00:00Z", MOMENT),
        ("2026-11-21 19:00:59.123+05:30", MOMENT),
        ("", ""),
        ("21st of November", "<text:16>"),
        ("2026-11-21", "<text:10>"),
        ("2026-11-21T19:00:00", "<text:19>"),
        ("2026-13-45T19:00:00Z", "<text:20>"),
    ],
)
def test_a_point_in_time_is_one_and_any_other_text_at_its_place_is_not(scrubber, text, shown):
    reply = scrubber.interaction(exchange(None, {"startTime": text}, method="GET", url=f"/v1/sessions/{UUID}"))
    assert json.loads(reply.answer.body) == {"startTime": shown}


def test_a_name_that_was_a_value_elsewhere_does_not_stay(scrubber):
    scrubber.interaction(exchange({"personaConfig": {"name": "clandestine"}}))
    assert persona(scrubber, clandestine=1) == {"<name:1>": 0}


def test_a_jwt_keeps_the_shape_of_its_claims(scrubber):
    now = int(time.time())
    claims = {
        "sub": "avatar-1",
        "iss": "APIkey",
        "nbf": now,
        "exp": now + 21600,
        "kind": "agent",
        "video": {"roomJoin": True, "room": "the room", "canPublish": False},
        "attributes": {"lk.publish_on_behalf": "agent-1", "sk-0123456789": "x"},
        "custom": 42,
    }
    token = jwt.encode(claims, "k" * 32)
    shown = sent(scrubber, {"environment": {"livekitToken": token}, "again": token})
    stand_in = read_stand_in(shown["environment"]["livekitToken"])
    assert (stand_in.kind, stand_in.number) == ("jwt", 1)
    assert stand_in.claims == {
        "sub": "<id:1>",
        "iss": "<key:1>",
        "kind": "agent",
        "video": {"roomJoin": True, "room": "<id:2>", "canPublish": False},
        "attributes": {"lk.publish_on_behalf": "<id:3>", "<name:1>": "<id:4>"},
        "<name:2>": 0,
        "exp_in": 21600,
    }
    assert shown["again"] == shown["environment"]["livekitToken"]


def test_a_token_has_one_stand_in_in_body_and_header(scrubber):
    token = jwt.encode({"jti": "x"}, "k" * 32)
    first = answered(scrubber, {"sessionToken": token}, url="/v1/auth/session-token")
    then = scrubber.interaction(exchange({}, headers=[("Authorization", f"Bearer {token}")]))
    assert first == {"sessionToken": '<jwt:1 {"jti": "<id:1>"}>'}
    assert then.sent.header("authorization") == "Bearer <jwt:1>"
    opaque = answered(scrubber, {"sessionToken": "opaque-one"}, url="/v1/auth/session-token")
    then = scrubber.interaction(exchange({}, headers=[("Authorization", "Bearer opaque-one")]))
    assert [opaque["sessionToken"], then.sent.header("authorization")] == ["<token:1>", "Bearer <token:1>"]


def test_links_between_requests_survive(scrubber):
    started = answered(scrubber, {"sessionId": UUID, "engineHost": "127.0.0.1:8090"})
    stopped = scrubber.interaction(exchange({}, {"id": UUID}, url=f"/v1/sessions/{UUID}/stop"))
    refused = scrubber.interaction(
        exchange(None, {"error": "Not found", "message": f"Session with id {UUID} does not exist."}, status=404, method="GET")
    )
    assert started["sessionId"] == FIRST
    assert stopped.sent.path == f"/v1/sessions/{FIRST}/stop"
    assert json.loads(stopped.answer.body) == {"id": FIRST}
    assert json.loads(refused.answer.body)["message"] == f"Session with id {FIRST} does not exist."
    other = answered(scrubber, {"sessionId": UUID.replace("0a", "0b")})
    assert other["sessionId"] != FIRST


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "Bearer secret-key", "Bearer <key:1>"),
        ("Authorization", "bearer secret-key", "bearer <key:1>"),
        ("Authorization", "Basic dXNlcjpwYXNz", "Basic <key:1>"),
        ("Authorization", "secret-key", "<key:1>"),
        ("Authorization", "Strange secret-key", "<key:1>"),
        ("X-Api-Key", "secret-key", "<key:1>"),
        ("Cookie", "a=b; c=d", "<key:1>"),
        ("User-Agent", "aiohttp/3.9 (Linux)", "aiohttp/3.9 (Linux)"),
        ("User-Agent", "mine/1 sk-0123456789", "mine/1 <token:1>"),
        ("Content-Type", "Application/JSON; charset=utf-8; profile=mine", "application/json; charset=utf-8"),
        ("Retry-After", "120", "120"),
        ("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT", "<text:29>"),
        ("Location", f"/v1/sessions/{UUID}", f"https://vendor.invalid/v1/sessions/{FIRST}"),
        ("Location", f"{ADDRESS}/v1/avatars?x=y", "https://vendor.invalid/v1/avatars?x=%3Ctext%3A1%3E"),
        ("Location", "https://other.example/v1/avatars", "https://host-1.invalid/"),
        ("Allow", "GET, POST, SECRET", "GET, POST"),
        ("WWW-Authenticate", 'Bearer realm="private"', "Bearer"),
        ("X-Trace", "anything", "<text:8>"),
        ("X-Opensesame", "anything", None),
        ("Host", "vendor.example", None),
        ("Content-Encoding", "identity", None),
        ("X-sk-0123456789", "anything", None),
    ],
)
def test_a_header_is_listed_or_stood_for(scrubber, name, value, shown):
    headers = dict(scrubber.interaction(exchange(headers=[(name, value)])).sent.headers[1:])
    assert headers == ({} if shown is None else {name: shown})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/v1/engine/session", "/v1/engine/session"),
        ("//v1/engine/session", "//v1/engine/session"),
        ("/v1/sessions/concurrency", "/v1/sessions/concurrency"),
        (f"/v1/sessions/{UUID}", f"/v1/sessions/{FIRST}"),
        ("/v1/sessions/my%2Fid", "/v1/sessions/%3Cid%3A1%3E"),
        ("/v1/enigne/session", "/v1/%3Cid%3A1%3E/session"),
        ("/v1/sk-0123456789", "/v1/%3Cid%3A1%3E"),
        ("/v1/avatars?limit=5&flag=true", "/v1/avatars?limit=%3Ctext%3A1%3E&flag=true"),
        ("/v1/avatars?johnsmith&opensesame=&limit=1", "/v1/avatars?%3Cname%3A1%3E=&%3Cname%3A2%3E=&limit=%3Ctext%3A1%3E"),
        ("/v1/avatars?sk-0123456789", "/v1/avatars?%3Cname%3A1%3E="),
        ("/v1/avatars#fragment", "/v1/avatars"),
    ],
)
def test_a_path_is_known_or_stood_for(scrubber, url, shown):
    assert scrubber.interaction(exchange(url=url)).sent.url == f"https://vendor.invalid{shown}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Concurrent session limit reached", "Concurrent session limit reached"),
        ("Too many sessions", "Too many sessions"),
        (
            "videoWidth 720 with videoHeight 768 is not supported by cara-4; supported: 1152x768, 768x1152",
            "videoWidth 720 with videoHeight 768 is not supported by cara-4; supported: 1152x768, 768x1152",
        ),
        ('"abc" is not of type "integer"', '"<text:3>" is not of type "integer"'),
        ("the persona 'Mine' isn't there, isn't it", "the persona '<text:4>' isn't there, isn't it"),
        ("bob@example.com may not", "<token:1> may not"),
        ("see https://u:p@x.example/", "see https://x.example/"),
        ("key sk-0123456789 is wrong", "key <token:1> is wrong"),
        ("account 123456789012 is closed", "account <token:1> is closed"),
        ("x" * 600, "<text:600>"),
        ("users' `words` aren't 'there'", "users' `<text:5>` aren't '<text:5>'"),
        ('5" of {"a":"hunter"}', '5"<text:18>'),
        ('"no" 5" of "hunter" and 6"', '"<text:25>'),
        ('a " x "hunter" y " b', 'a "<text:17>'),
        ("a ' 'hunter' y", "a '<text:11>"),
        ('said "hunter', 'said "<text:6>'),
        ('see {\\"a\\":\\"hunter\\"} there', 'see {\\"<text:21>'),
        (json.dumps({"a": json.dumps({"b": "hunter"})}), '{"<text:26>'),
        ("it is “hunter” there", "it is “<text:6>” there"),
        ("user 'Юрий' may not", "user '<text:4>' may not"),
        ("key %73%6b%2d0123456789 is wrong", "<text:32>"),
        ("key %2573k-0123456789 is wrong", "key %<token:1> is wrong"),
        ("at \\u0073k-0123456789", "at \\<token:1>"),
        ("key &#115;k-0123456789", "<text:22>"),
        ("100% of 5&6 at C:\\new", "100% of 5&6 at C:\\new"),
    ],
)
def test_the_text_of_an_error_stays_without_what_is_somebodys_own(scrubber, text, shown):
    assert answered(scrubber, {"error": text, "message": text}, status=400) == {"error": shown, "message": shown}


JSON_IN_JSON = json.dumps({"k": "a clandestine thing", "l": json.dumps(["another one"])})


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("no CLANDESTINE today", "no <text:11> today"),
        ("no cland%65stine today", "<text:22>"),
        ("no cland%2565stine today", "<text:24>"),
        ("of joes%20room", "<text:14>"),
        ("of joes+room", "<text:12>"),
        (f"got {json.dumps(JSON_IN_JSON)} there", '"<text:'),
        ("no a clandestine thing there", "no <text:19> there"),
        ("and another one there", "and <text:11> there"),
    ],
)
def test_an_error_repeats_nothing_of_the_request_in_any_dress(scrubber, message, shown):
    body = {"personaConfig": {"name": "clandestine", "voiceId": "joes room", "systemPrompt": JSON_IN_JSON}}
    raw = scrubber.interaction(exchange(body, {"error": "x", "message": message}, status=400))
    told = json.loads(raw.answer.body)["message"]
    assert told == shown or (shown in told and "thing" not in told and "another" not in told)


@pytest.mark.parametrize("word", ["invalid", "text", "token", "123", "session", "Content-Type"])
def test_a_word_of_every_recording_spoils_no_stand_in(scrubber, word):
    body = {"personaConfig": {"name": word, "voiceId": "x" * 123}, "environment": {"livekitUrl": "wss://x.livekit.cloud"}}
    raw = exchange(body, {"error": "x", "message": f"no {'x' * 123} and sk-0123456789"}, status=400)
    once = scrubber.interaction(raw)
    assert json.loads(once.sent.body)["environment"]["livekitUrl"] == "wss://host-1.invalid"
    assert json.loads(once.answer.body)["message"] == "no <id:1> and <token:1>"
    assert Scanner(scrubber.public, scrubber.secrets, scrubber.originals).find(once) == []
    assert scrubber.interaction(once) == once


def test_an_error_does_not_repeat_what_the_request_held(scrubber):
    raw = exchange({"personaConfig": {"name": "Clandestine"}}, {"error": "x", "message": "no clandestine today"}, status=400)
    assert json.loads(scrubber.interaction(raw).answer.body)["message"] == "no <text:11> today"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("gzip, identity", gzip.compress),
        ("gzip", lambda body: body),
    ],
)
def test_a_compressed_body_is_unpacked_first(scrubber, encoding, pack):
    raw = exchange({}, pack(b'{"sessionId": "mine"}'), answered=[("Content-Encoding", encoding)])
    answer = scrubber.interaction(raw).answer
    assert answer.body == b'{"sessionId":"<id:1>"}'
    assert answer.header("content-encoding") is None


@pytest.mark.parametrize(
    ("kind", "body", "shown"),
    [
        ("application/json", b'{"name": "cut', "<body:13 application/json>"),
        ("application/json", b'{"a": NaN}', "<body:10 application/json>"),
        ("application/json", "{}".encode("utf-16"), "<body:6 application/json>"),
        ("application/json", b"[" * 5000, "<body:5000 application/json>"),
        ("text/html", b"<html>502 Bad Gateway</html>", "<body:28 text/html>"),
        ("text/plain", b"key sk-0123456789", "<body:17 text/plain>"),
        ("text/plain", b"john smith", "<body:10 text/plain>"),
        ("text/plain", b"Unauthorized", "Unauthorized"),
        ("text/plain", b"--b\r\nContent-Disposition: x\r\n\r\nhunter\r\n--b--", "<body:44 text/plain>"),
        ("text/event-stream", b"data: hunter\n\n", "<body:14 text/event-stream>"),
        ("text/plain", b"<body:5 text/plain>", "<body:5 text/plain>"),
        ("text/plain", b"<body:5 supersecretpass>", "<body:24 text/plain>"),
        ("text/plain", b"<text:5>", "<body:8 text/plain>"),
        ("text/plain", b"\xff\xfe", "<body:2 text/plain>"),
        ("image/png", b"\x89PNG", "<body:4 application/octet-stream>"),
        ("application/x-www-form-urlencoded", b"key=secret", "<body:10 application/x-www-form-urlencoded>"),
        ("application/json", b"null", "null"),
        ("application/json", b'"word"', '"<text:4>"'),
    ],
)
def test_a_body_that_is_no_json_has_a_stand_in(scrubber, kind, body, shown):
    raw = exchange(body, headers=[("Content-Type", kind)])
    raw = type(raw)(type(raw.sent)("POST", raw.sent.url, (("Content-Type", kind),), body), raw.answer)
    assert scrubber.interaction(raw).sent.body.decode() == shown


def test_a_packed_body_that_cannot_be_unpacked_has_a_stand_in(scrubber):
    bomb = zlib.compress(b"\0" * 20_000_000)
    for encoding, body in (("gzip", b"\x1f\x8bbroken"), ("br", b"\x8b\x01\x80secret\x03"), ("deflate", bomb)):
        answer = scrubber.interaction(exchange({}, body, answered=[("Content-Encoding", encoding)])).answer
        assert answer.body.decode() == f"<body:{len(body)} application/json>"


def rich():
    token = jwt.encode({"sub": "avatar-1", "exp": 2_000_000_000, "attributes": {"k1": "v1"}}, "k" * 32)
    body = {
        "personaConfig": {"name": "Someone", "personaId": UUID, "sk-0123456789": 12345678901, "note": "call me"},
        "environment": {"livekitUrl": "wss://me:pw@x.livekit.cloud/a", "livekitToken": token},
    }
    reply = {"error": "no Someone", "message": f"{UUID} of bob@example.com 'quoted' {token}", "startTime": "2026-01-01T00:00:00Z"}
    headers = [("Authorization", "Bearer mock_0123456789abcdef"), ("X-Trace", "abc"), ("User-Agent", "x sk-0123456789")]
    return exchange(body, reply, url=f"/v1/unknown/{UUID}?q=secret&sk-0123456789=1", headers=headers, status=418)


def test_scrubbing_twice_is_scrubbing_once(scrubber, contract):
    once = scrubber.interaction(rich())
    assert scrubber.interaction(once) == once
    assert Scrubber(contract).interaction(once) == once


def test_what_was_scrubbed_passes_the_scan(scrubber):
    once = scrubber.interaction(rich())
    assert Scanner(scrubber.public, scrubber.secrets, scrubber.originals).find(once) == []


def test_a_number_that_is_taken_is_not_given_again(contract):
    scrubber = Scrubber(contract)
    assert persona(scrubber, avatarId="<id:3>", voiceId="mine") == {"avatarId": "<id:3>", "voiceId": "<id:4>"}


def test_recordings_compare_without_their_numbers():
    one = f'<id:1> <jwt:2 {{"sub": "<id:7>"}}> {FIRST} host-3.invalid <text:12>'
    assert alike(one) == '<id:*> <jwt:* {"sub": "<id:*>"}> <uuid:*> host-*.invalid <text:12>'
