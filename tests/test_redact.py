"""Nothing that looks like a key, token or JWT survives; what is harmless stays as it is."""

import json

import jwt
import pytest

from mockvendors.redact import Redactor, claims, fingerprint, redact, redact_headers, redact_text

KEY = "canary-key-0123456789"
TOKEN = jwt.encode({"sub": "avatar", "video": {"room": "r"}}, "k" * 32)
CLAIMS = {"jwt": {"sub": "avatar", "video": {"room": "r"}}}
SIGNATURE = TOKEN.split(".")[2]
CANARY = "canary-unknown-secret"


@pytest.mark.parametrize(
    "value",
    [
        KEY,
        f"the key {KEY} in a text",
        {"name": KEY},
        {KEY: 1},
        {"a": [{"b": [f"x{KEY}y"]}]},
        {"token": f"prefix {KEY}"},
        {"message": json.dumps({"nested": KEY})},
        {"url": f"https://example.test/?q={KEY}"},
        {"jwt": jwt.encode({"sub": KEY}, "k" * 32)},
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_known_key_goes_wherever_it_stands(value):
    redactor = Redactor([KEY])
    raw = json.dumps(value).encode()
    for clean in (redactor.value(value), redactor.json(raw, value), redact(value, [KEY])):
        assert KEY not in str(clean)


@pytest.mark.parametrize(
    "value",
    [
        {"apiKey": CANARY},
        {"api_key": CANARY},
        {"x-api-key": CANARY},
        {"clientSecret": CANARY},
        {"livekitToken": CANARY},
        {"environment": {"livekitToken": CANARY}},
        {"authorization": f"Bearer {CANARY}"},
        {"password": CANARY},
        {"credential": CANARY},
        {"accessKey": CANARY},
        {"iceServers": [{"username": "u", "credential": CANARY}]},
        {"log": f"sent Authorization: Bearer {CANARY}"},
        {"log": f"curl -H 'x-api-key: {CANARY}'"},
        {"log": f"Basic {CANARY}"},
        {"url": f"wss://user:{CANARY}@host/path"},
        {"url": f"https://host/?token={CANARY}&x=1"},
        {"url": f"https://host/?access_token={CANARY}"},
        {"text": f'{{"apiKey": "{CANARY}"}}'},
        {"text": f'{{\\"apiKey\\": \\"{CANARY}\\"}}'},
        f"api_key={CANARY}",
        f"SECRET: {CANARY}",
    ],
    ids=str,
)
def test_unknown_secrets_go_by_their_names(value):
    raw = json.dumps(value).encode()
    for clean in (redact(value), Redactor(["other"]).json(raw, value)):
        assert CANARY not in str(clean)


@pytest.mark.parametrize("field", ["livekitToken", "note", "url"])
def test_a_jwt_becomes_its_claims_in_whatever_field(field):
    assert redact({field: TOKEN}) == {field: CLAIMS}


@pytest.mark.parametrize("text", [f"Bearer {TOKEN}", f"wss://h/?access_token={TOKEN}&x=1", f"a {TOKEN} b", f'"{TOKEN}"'])
def test_a_jwt_inside_of_a_text_becomes_a_fingerprint(text):
    clean = redact_text(text)
    assert TOKEN not in clean
    assert SIGNATURE not in clean
    assert f"jwt:{fingerprint(TOKEN)[4:]}" in clean


def test_a_jwt_inside_of_a_jwt_goes():
    outer = jwt.encode({"inner": TOKEN, "apiKey": CANARY}, "k" * 32)
    assert redact({"t": outer}) == {"t": {"jwt": {"inner": CLAIMS, "apiKey": fingerprint(CANARY)}}}


def test_a_broken_jwt_is_a_key():
    assert redact({"livekitToken": "eyJhbGciOi.broken"}) == {"livekitToken": fingerprint("eyJhbGciOi.broken")}
    assert "eyJhbGciOi.broken" not in redact({"note": "eyJhbGciOi.broken"})["note"]


@pytest.mark.parametrize("value", [None, 1, 1.5, True, "", [], {}, "plain", "a: b", {"n": {"m": [1, "x", None]}}], ids=repr)
def test_what_is_harmless_stays(value):
    assert redact(value) == value
    assert Redactor([KEY]).json(json.dumps(value).encode(), value) == value


def test_sizes_and_urls_stay():
    value = {"livekitUrl": "ws://127.0.0.1:7880", "message": "videoWidth 720: not supported", "token_seconds": 3600}
    assert redact(value) == value


def test_the_original_is_not_changed():
    value = {"apiKey": CANARY, "list": [{"token": TOKEN}]}
    before = json.dumps(value)
    redact(value)
    assert json.dumps(value) == before


def test_deep_nesting_ends():
    value = CANARY
    for _ in range(900):
        value = {"a": [value]}
    assert CANARY not in str(redact(value))


def test_headers():
    headers = {
        "Authorization": f"Bearer {KEY}",
        "Proxy-Authorization": CANARY,
        "X-Api-Key": KEY,
        "Cookie": f"session={CANARY}",
        "X-Livekit-Token": TOKEN,
        "Referer": f"https://user:{CANARY}@host/?key={KEY}",
        "Content-Type": "application/json",
    }
    clean = redact_headers(headers, [KEY])
    assert clean["authorization"] == f"Bearer {fingerprint(KEY)}"
    assert clean["x-api-key"] == fingerprint(KEY)
    assert clean["content-type"] == "application/json"
    for secret in (KEY, CANARY, TOKEN, SIGNATURE):
        assert secret not in str(clean)


def test_a_session_token_in_a_header_is_told_from_a_key():
    assert redact_headers({"Authorization": f"Bearer {TOKEN}"})["authorization"].startswith("Bearer jwt:")


def test_fingerprint_tells_keys_apart_and_nothing_more():
    assert fingerprint("a") == "key:ca978112"
    assert fingerprint("a") != fingerprint("b")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "eyJ.eyJ.eyJ", "a.!!!.c", "x" * 5000, "eyJhIjox.W10.x"])
def test_what_is_no_jwt_has_no_claims(token):
    assert claims(token) is None
