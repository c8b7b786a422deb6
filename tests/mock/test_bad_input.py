"""Requests that no client should send: answered in the vendor's shape, never by a 500, always in the journal."""

import asyncio
import gzip
import json
import zlib

import pytest

from mockvendors.redact import fingerprint

from .bodies import body

JSON = "application/json"
START = "/v1/engine/session"
VALID = json.dumps(body()).encode()
DEEP = b'{"personaConfig":' + b"[" * 900 + b"]" * 900 + b"}"
CANARY = "canary-unknown-secret"
TELLING = json.dumps({**body(), "apiKey": CANARY}).encode()


@pytest.mark.parametrize(
    ("data", "kind", "status", "rule"),
    [
        (b"{", JSON, 400, "anam.body.json"),
        (b"not json", JSON, 400, "anam.body.json"),
        (b'{"a": NaN}', JSON, 400, "anam.body.json"),
        (b'{"a": 1e999}', JSON, 400, "anam.body.json"),
        (b'{"a": "\\ud800"}', JSON, 400, "anam.body.json"),
        (b'{"a": "\xff\xfe"}', JSON, 400, "anam.body.json"),
        (b"\xff\xff\xff", JSON, 400, "anam.body.json"),
        (b"\xef\xbb\xbf" + VALID, JSON, 400, "anam.body.json"),
        (VALID + VALID, JSON, 400, "anam.body.json"),
        (b"[" * 200_000, JSON, 400, "anam.body.json"),
        (DEEP, JSON, 400, "anam.body.json"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, JSON, 400, "anam.body.json"),
        (b"[]", JSON, 400, "anam.body.json"),
        (b"null", JSON, 400, "anam.body.json"),
        (b"7", JSON, 400, "anam.body.json"),
        (b'"text"', JSON, 400, "anam.body.json"),
        (b"", JSON, 400, "anam.body.persona"),
        (b'{"personaConfig": {"avatarId": ' + b"9" * 5000 + b"}}", JSON, 400, "anam.body.json"),
        (b'{"personaConfig": {"avatarId": ' + b"9" * 400 + b"}}", JSON, 400, "anam.body.persona"),
        (b'{"personaConfig": {"avatarId": "\\u0000"}}', JSON, 404, "anam.avatar.unknown"),
        (VALID, "text/plain", 415, "anam.content-type"),
        (VALID, "application/x-www-form-urlencoded", 415, "anam.content-type"),
        (VALID, "application/json; charset=utf-8", 200, None),
        (b'{"pad": "' + b"x" * 1_100_000 + b'"}', JSON, 413, "anam.body.size"),
    ],
    ids=lambda value: str(value)[:40],
)
@pytest.mark.parametrize("path", [START, "/v1/auth/session-token"])
async def test_body(call, tenant, mock, *, path, data, kind, status, rule):
    headers = {"Authorization": f"Bearer {call.key}", "Content-Type": kind}
    answer = await call("POST", path, data=data, headers=headers)
    if path == START or rule in ("anam.body.json", "anam.content-type", "anam.body.size"):
        assert (answer.status, answer.rule) == (status, rule), answer.body
    else:
        assert answer.status == 200, "by default the token call validates nothing"
    if answer.status != 200:
        assert set(answer.body) == {"error", "message"}
    (entry,) = tenant.journal.entries
    assert (entry.status, entry.number) == (answer.status, 1)
    assert mock.harness_faults == []


@pytest.mark.parametrize(
    ("method", "path", "status", "rule"),
    [
        ("POST", "/", 404, "anam.path.unknown"),
        ("POST", "/v1/engine/sessions", 404, "anam.path.unknown"),
        ("POST", "/v1/engine/session/", 404, "anam.path.unknown"),
        ("POST", "/v2/engine/session", 404, "anam.path.unknown"),
        ("GET", "/v1/sessions/a/b/c", 404, "anam.path.unknown"),
        ("POST", "//v1/engine/session", 404, "anam.path.double-slash"),
        ("POST", "//v1//engine/session", 404, "anam.path.double-slash"),
        ("GET", "/v1/engine/session", 405, "anam.method"),
        ("DELETE", "/v1/avatars", 405, "anam.method"),
        ("PATCH", "/v1/sessions/some", 405, "anam.method"),
        ("OPTIONS", "/v1/engine/session", 405, "anam.method"),
        ("GET", "/v1/sessions/%2e%2e%2f", 404, "anam.session.unknown"),
    ],
)
async def test_path_and_method(call, tenant, *, method, path, status, rule):
    answer = await call(method, path)
    assert (answer.status, answer.rule) == (status, rule)
    assert ("Allow" in answer.headers) == (status == 405)
    assert tenant.journal.entries[0].broken == (rule,)


async def test_double_slash_is_a_setting(call, tenant):
    tenant.set("double_slash", "accept")
    assert (await call("POST", "//v1/engine/session", body())).status == 200


async def test_unknown_path_without_a_key_is_in_the_servers_journal(call, mock):
    assert (await call("GET", "/nowhere", headers={})).status == 404
    assert [(entry.path, entry.status) for entry in mock.journal.entries] == [("/nowhere", 404)]


async def test_admin_paths_are_not_the_vendors(call, tenant):
    assert (await call("GET", "/_mock/nowhere")).status == 404
    assert tenant.journal.entries == []


def request(key, *extra, first="POST /v1/engine/session HTTP/1.1", payload=VALID, length=None):
    lines = [first, "Host: mock", "Connection: close", "Content-Type: application/json"]
    lines += [f"Authorization: Bearer {key}"] if key else []
    lines += [f"Content-Length: {len(payload) if length is None else length}", *extra]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        (["Authorization: Bearer other"], 401),
        (["authorization: Bearer {key}"], 401),
        (["X-Twice: a", "X-Twice: b"], 200),
        (["X-Injected: a\rX-Evil: b"], 400),
        (["No colon here"], 400),
        (["X-Long: " + "x" * 20_000], 400),
        (["Transfer-Encoding: chunked"], 400),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_headers(tenant, raw, mock, extra, status):
    lines = [line.format(key=tenant.api_key) for line in extra]
    received, end = await raw(request(tenant.api_key, *lines))
    assert received.split(b" ")[1] == b"%d" % status, received
    assert end == "closed"
    assert b"X-Evil" not in received
    assert [entry.status for entry in [*tenant.journal.entries, *mock.journal.entries]] == [status]
    assert mock.harness_faults == []


async def test_headers_sent_twice_are_both_in_the_journal(tenant, raw):
    await raw(request(tenant.api_key, "X-Twice: a", "X-Twice: b"))
    assert tenant.journal.entries[0].headers["x-twice"] == "a, b"


@pytest.mark.parametrize(
    ("payload", "headers", "status"),
    [
        (gzip.compress(TELLING), ["Content-Encoding: gzip"], 200),
        (zlib.compress(TELLING), ["Content-Encoding: deflate"], 200),
        (gzip.compress(TELLING), ["Content-Encoding: GZIP"], 200),
        (gzip.compress(TELLING)[:-12], ["Content-Encoding: gzip"], 400),
        (b"no gzip at all", ["Content-Encoding: gzip"], 400),
        (gzip.compress(b"[" * 30_000_000), ["Content-Encoding: gzip"], 413),
        (gzip.compress(TELLING), [], 400),
        (gzip.compress(TELLING, 0), [], 400),
        (TELLING.decode().encode("utf-16"), [], 400),
        (TELLING.decode().encode("utf-16-le"), [], 400),
        (TELLING.decode().encode("utf-32-be"), [], 400),
        (b"\xe9\x00" + TELLING.decode().encode("utf-16-le"), [], 400),
        (TELLING[:-1] + '"é"'.encode("latin-1"), [], 400),
        (TELLING[:-1], [], 400),
        (TELLING[:-1] + b"\xff\xfe", [], 400),
        (TELLING.replace(b'"canary', b'"x", "apiKey": "canary'), [], 200),
        (TELLING.replace(b'"apiKey": "canary', b'"apiKey": "canary", "apiKey": "x", "a": "Bearer canary'), [], 200),
        (b'{"a": ' * 70 + TELLING + b"}" * 70, [], 400),
        (b'"' + TELLING.replace(b'"', b'\\"') + b'"', [], 400),
    ],
    ids=range(19),
)
async def test_no_body_brings_a_secret_into_the_journal(tenant, raw, mock, *, payload, headers, status):
    known = tenant.api_key.encode()
    for sent in (payload, payload.replace(CANARY.encode(), known)):
        received, _ = await raw(request(tenant.api_key, *headers, payload=sent))
        assert received.split(b" ")[1] == b"%d" % status, received
    entries = [*tenant.journal.entries, *mock.journal.entries]
    assert [entry.status for entry in entries] == [status, status]
    stored = (repr(entries) + tenant.journal.text()).replace("\\x00", "").replace("\\\\u0000", "")
    for secret in (CANARY, tenant.api_key):
        assert secret not in stored
    assert mock.harness_faults == []


async def test_of_a_name_that_was_sent_twice_the_last_counts(call, tenant):
    data = b'{"personaConfig": {"avatarId": "nobody"}, "personaConfig": ' + json.dumps(body()["personaConfig"]).encode() + b"}"
    headers = {"Authorization": f"Bearer {call.key}", "Content-Type": JSON}
    assert (await call("POST", START, data=data, headers=headers)).status == 200
    assert tenant.journal.entries[0].body == body()


async def test_what_is_wrong_is_still_to_be_seen(tenant, raw):
    await raw(request(tenant.api_key, payload='{"name": "Zoë"'.encode("latin-1")))
    await raw(request(tenant.api_key, payload=gzip.compress(VALID)))
    await raw(request(tenant.api_key, payload=VALID.decode().encode("utf-16")))
    latin, binary, wide = tenant.journal.entries
    assert latin.body == '{"name": "Zo\ufffd"'
    assert binary.body == f"({len(gzip.compress(VALID))} bytes that are no text)"
    assert json.loads(wide.body) == body()


async def test_a_target_and_headers_bring_no_secret_into_the_journal(tenant, raw, mock):
    key, jwt = tenant.api_key, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.canary-signature"
    encoded = "".join(f"%{ord(letter):02x}" for letter in key)
    targets = [
        f"/v1/sessions/{key}",
        f"/v1/sessions/{encoded}",
        f"/{jwt}/x",
        f"/x?api%5Fkey={CANARY}",
        f"/x?u=wss%3A%2F%2F{jwt}%40h",
    ]
    targets += [
        f"/x?a=%2562earer%2520{CANARY}",
        f"http://user:{CANARY}@mock/v1/{key}",
        f"//{key}",
        f"/x?authorization=Basic+{CANARY}",
    ]
    headers = [f"{key}: 1", f"X-{key}: 1", f"x-API-key: {CANARY}", f"COOKIE: a=1; b={CANARY}", f"X-Note: Bearer {CANARY}"]
    headers += [f"X-Note: wss://{jwt}@host", f"X-Forwarded-Authorization: {CANARY}", f"X-Note: {encoded}"]
    for target in targets:
        for who in (key, None):
            await raw(request(who, *headers, first=f"GET {target} HTTP/1.1"))
    entries = [*tenant.journal.entries, *mock.journal.entries]
    assert len(entries) == 2 * len(targets)
    stored = repr(entries).lower() + tenant.journal.text().lower() + mock.journal.text().lower()
    for secret in (key, encoded, CANARY, "canary-signature"):
        assert secret.lower() not in stored
    assert fingerprint(key) in stored


async def test_a_crash_is_told_without_secrets(mock, tenant, call):
    tenant.sessions["x"] = "no session at all"
    await call("GET", f"/v1/sessions/x?token={CANARY}")
    del tenant.sessions["x"]
    tenant.overlay({"avatars": {call.key: [CANARY]}})
    assert (await call("GET", f"/v1/avatars/{call.key}")).status == 500
    told = repr(mock.harness_faults) + " ".join(str(fault) for fault in mock.harness_faults) + repr(tenant.journal.entries)
    assert call.key not in told
    assert "crashed the mock" in told
    mock.harness_faults.clear()


async def test_client_that_leaves_in_mid_body_is_in_the_journal(tenant, mock):
    host, port = mock.base_url("anam").removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(request(tenant.api_key, length=len(VALID) + 1000))
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    entry = await tenant.journal.wait_for(lambda entry: entry.note != "open", 2)
    assert (entry.operation, entry.status, entry.note) == ("startSession", None, "client left while sending")
    assert not tenant.sessions


async def test_a_bug_of_ours_is_told_as_ours(mock, tenant, call):
    tenant.overlay({"plans": {"growth": None}})
    answer = await call.start(body())
    assert (answer.status, answer.rule) == (500, "anam.fault")
    assert set(answer.body) == {"error", "message"}
    assert "KeyError" not in str(answer.body)
    assert tenant.journal.entries[0].note.startswith("crashed: KeyError")
    assert "crashed the mock" in str(mock.harness_faults[0])
    mock.harness_faults.clear()


async def test_an_own_reply_that_breaks_the_contract_is_ours(mock, tenant, call):
    tenant.overlay({"engine": {"heartbeatIntervalSeconds": {"value": "often"}}})
    assert (await call.start(body())).status == 200
    (fault,) = mock.harness_faults
    assert "anam.reply" in str(fault)
    assert "heartbeatIntervalSeconds" in str(fault)
    mock.harness_faults.clear()
