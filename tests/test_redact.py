"""Nothing that looks like a key, token or JWT survives; what is harmless stays as it is."""

import base64
import json
import subprocess
import sys
from urllib.parse import quote, quote_plus

import jwt
import pytest

from mockvendors.redact import Redactor, claims, fingerprint, redact, redact_headers, redact_text, without_tokens

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
    for clean in (redactor.value(value), json.loads(redactor.body(value)), redact(value, [KEY])):
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
        {"text": json.dumps({"a": json.dumps({"apiKey": CANARY})})},
        {"text": json.dumps(json.dumps(json.dumps({"apiKey": CANARY})))},
        {"text": f'said {{\\\\\\"apiKey\\\\\\": \\\\\\"{CANARY}\\\\\\"}}'},
        {"text": f'"password": "correct {CANARY} horse"'},
        {"text": f"Cookie: a=1; b={CANARY}; c=2"},
        {"text": f"Authorization: AWS4-HMAC-SHA256 Credential=x, Signature={CANARY}"},
        {"url": f"wss://user:p@ss{CANARY}@host/path"},
        {"url": f"https:\\/\\/user:{CANARY}@host"},
        {"url": f"https://host/?access%5Ftoken={CANARY}"},
        {"url": f"https://host/?next=https%3A%2F%2Fuser%3A{CANARY}%40host"},
        {"url": f"https://host/?a=%2570assword%253D{CANARY}"},
        {"form": f"a=%7B%22apiKey%22%3A%22{CANARY}%22%7D"},
        {"form": f"how=Bearer+{CANARY}"},
        {"key": CANARY},
        {"auth": CANARY},
        {"subscription-key": CANARY},
        {"signature": CANARY},
        {"token": {"a": [CANARY, {"b": CANARY}]}},
        {"tokens": [CANARY]},
        f"Ocp-Apim-Subscription-Key: {CANARY}",
        f"api_key={CANARY}",
        f"SECRET: {CANARY}",
    ],
    ids=str,
)
def test_unknown_secrets_go_by_their_names(value):
    for clean in (redact(value), json.loads(Redactor(["other"]).body(value))):
        assert CANARY not in str(clean)


@pytest.mark.parametrize("write", [quote, quote_plus, json.dumps, lambda key: json.dumps(key).replace("/", "\\/")])
@pytest.mark.parametrize("key", ["mock/with+all&of it", 'quote"and\\slash', "plain", "100%"])
def test_a_known_key_goes_in_every_spelling(key, write):
    written = write(key).strip('"')
    redactor = Redactor([key])
    seen = [redactor.text(f"x {written} y"), redactor.target(f"/v1/{written}?q={written}"), without_tokens(f"x {written}", [key])]
    seen.append(redactor.body({"a": f"in {key}"}).decode())
    for clean in seen:
        assert written not in clean
        assert key not in clean
        assert fingerprint(key) in clean


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
@pytest.mark.parametrize("after", ["", "z", "yz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_known_key_goes_from_base64(before, after, encode):
    key = "canary?key>0123~~"
    written = encode(f"{before}{key}{after}".encode()).decode()
    clean = Redactor([key]).text(f"x {written} y")
    assert fingerprint(key) in clean
    assert len(clean) < len(f"x {written} y")
    assert encode(key[3:-3].encode()).decode().rstrip("=")[:-2] not in clean


@pytest.mark.parametrize("write", [str.upper, str.lower, lambda key: key.encode().hex(), lambda key: key.encode().hex().upper()])
def test_a_known_key_goes_in_another_case_and_in_hex(write):
    key = "Canary-Key-0123456789"
    redactor = Redactor([key])
    assert redactor.text(f"x {write(key)} y") == f"x {fingerprint(key)} y"
    assert write(key) not in redactor.body({write(key): f"in {write(key)}"}).decode()


def test_a_short_key_takes_no_words_of_everybodys():
    assert Redactor(["mine"]).text("MINE 6d696e65 bWluZQ==") == "MINE 6d696e65 bWluZQ=="


def test_a_requests_own_credential_is_known_for_it_alone():
    redactor = Redactor([KEY])
    assert redactor.of({"Authorization": f"Bearer {KEY}", "X-Plain": CANARY}) is redactor
    assert redactor.of({"Authorization": f"Bearer {TOKEN}"}) is redactor, "a JWT is told by its form"
    assert redactor.of({"Authorization": "Bearer none"}) is redactor, "a short word is everybody's"
    knowing = redactor.of({"Authorization": f"Bearer {CANARY}"})
    assert knowing.text(f"{CANARY} {KEY}") == f"{fingerprint(CANARY)} {fingerprint(KEY)}"
    assert redactor.text(CANARY) == CANARY


def test_a_key_under_a_secrets_name_goes_as_a_name_too():
    assert KEY not in str(redact({"token": {KEY: {KEY: KEY}}}, [KEY]))


def test_a_key_that_was_minted_for_somebody_else_goes():
    minted = "mock_" + "aB3-_xYz" * 4
    assert minted not in redact_text(f"/v1/sessions/{minted}/stop")
    assert minted not in without_tokens(f"x{minted}y")


@pytest.mark.parametrize(
    "value",
    [
        {"livekitToken": jwt.encode({"sub": "chosen"}, "k" * 32)},
        {"livekitToken": jwt.encode({"apiKey": CANARY}, "k" * 32)},
        {"livekitToken": jwt.encode({"note": f"Bearer {CANARY}"}, "k" * 32)},
        {"mock_" + "aB3-_xYz" * 4: TOKEN},
        {"chosen": TOKEN},
        {"livekitToken": TOKEN, "other": TOKEN},
        {"a": [TOKEN]},
        {TOKEN: TOKEN},
        TOKEN,
    ],
    ids=str,
)
def test_a_token_hides_nothing_else(value):
    clean = Redactor(["chosen"]).body(value).decode()
    for secret in ("chosen", CANARY, SIGNATURE, "mock_aB3"):
        assert secret not in clean


def test_what_was_learned_last_goes_from_what_was_harmless_before():
    redactor = Redactor()
    headers = {"X-Plain": "canary", "canary": "1"}
    assert redactor.headers(headers) == {"x-plain": "canary", "canary": "1"}
    redactor.learn("canary")
    assert "canary" not in str(redactor.headers(headers))
    redactor.forget("canary")
    assert redactor.text("canary") == "canary"


def test_no_text_is_kept():
    redactor = Redactor([KEY])
    for number in range(10_000):
        redactor.value({f"name-{number}": f"{CANARY}-{number}", "apiKey": CANARY, "token": TOKEN})
        redactor.headers({f"X-{number}": CANARY})
    kept = json.dumps([*redactor._harmless, *redactor._plain])
    assert CANARY not in kept
    assert len(redactor._harmless) <= 2000
    assert len(redactor._plain) <= 2000


@pytest.mark.parametrize("field", ["livekitToken", "note", "url"])
def test_a_jwt_becomes_its_claims_in_whatever_field(field):
    assert redact({field: TOKEN}) == {field: CLAIMS}


@pytest.mark.parametrize(
    "text",
    [
        f"Bearer {TOKEN}",
        f"wss://h/?access_token={TOKEN}&x=1",
        f"a {TOKEN} b",
        f'"{TOKEN}"',
        f"x-{TOKEN}",
        f"It was {TOKEN}.",
        f"/v1/{TOKEN}/x",
    ],
)
def test_a_jwt_inside_of_a_text_becomes_a_fingerprint(text):
    clean = redact_text(text)
    assert TOKEN not in clean
    assert SIGNATURE not in clean
    assert f"jwt:{fingerprint(TOKEN)[4:]}" in clean


@pytest.mark.parametrize("text", [f"wss://{TOKEN}@host/rtc", f"wss://user:{TOKEN}@host/rtc", f"wss%3A%2F%2F{TOKEN}%40host"])
def test_a_jwt_in_the_user_info_of_a_url_goes(text):
    for clean in (redact_text(text), Redactor().target(f"/{text}"), without_tokens(text), str(redact({"url": text}))):
        assert not any(part in clean for part in TOKEN.split(".")[1:])


def test_a_jwt_with_white_space_goes():
    parts = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{ "alg": "x" }', b'{\n"sub": "me"}')]
    token = ".".join([*parts, SIGNATURE])
    assert redact({"note": token}) == {"note": {"jwt": {"sub": "me"}}}
    assert SIGNATURE not in redact_text(f"a {token} b")
    assert SIGNATURE not in without_tokens(f"a {token} b")


def test_all_parts_of_an_encrypted_token_go():
    assert redact_text("a eyJhbGciOi.a1.b2.c3.d4 b") == f"a {fingerprint('eyJhbGciOi.a1.b2.c3.d4')} b"


def test_a_jwt_inside_of_a_jwt_goes():
    outer = jwt.encode({"inner": TOKEN, "apiKey": CANARY}, "k" * 32)
    assert redact({"t": outer}) == {"t": {"jwt": {"inner": CLAIMS, "apiKey": fingerprint(CANARY)}}}


def test_a_broken_jwt_is_a_key():
    assert redact({"livekitToken": "eyJhbGciOi.broken"}) == {"livekitToken": fingerprint("eyJhbGciOi.broken")}
    assert "eyJhbGciOi.broken" not in redact({"note": "eyJhbGciOi.broken"})["note"]


HARMLESS = [
    *(None, 1, 1.5, True, "", [], {}, "plain", "a: b"),
    {"n": {"m": [1, "x", None]}},
    "The session token was used already",
    "The Authorization header is not of the form: Bearer <key>",
    "Bearer token expected",
    "The scheme is Bearer\n    evidence:  documented",
    "The monkey: an author of basic tools",
    "personaConfig/avatarId: 'x' is not of type 'string'",
    "ada@example.test",
    "100% of a+b",
    '{"a":  [1, "text"]}',
    "eyJust a word. And another",
    "12:34:56 host:80/path?x=1&y=%20",
    "https://eyelet.newsletters.example.test/a.b.c",
    f"Bearer {fingerprint('x')}, api_key={fingerprint('x')}, {fingerprint('x')}",
    f"Authorization: Bearer {fingerprint('x')}",
]


@pytest.mark.parametrize("value", HARMLESS, ids=repr)
def test_what_is_harmless_stays(value):
    assert redact(value) == value
    assert json.loads(Redactor([KEY]).body(value)) == value


def test_sizes_and_urls_stay():
    value = {"livekitUrl": "ws://127.0.0.1:7880", "message": "videoWidth 720: not supported", "token_seconds": 3600}
    assert redact(value) == value


def test_the_original_is_not_changed():
    value = {"apiKey": CANARY, "list": [{"token": TOKEN}]}
    before = json.dumps(value)
    redact(value)
    assert json.dumps(value) == before


@pytest.mark.parametrize("name", ["a", "token"])
def test_deep_nesting_ends(name):
    value = CANARY
    for _ in range(2000):
        value = {name: [value]}
    assert CANARY.encode() not in Redactor().body(value)


SLOW = """
from mockvendors.redact import redact, without_tokens
pieces = ["eyJ", "eyJa.", "-a", "//", "token", "token=", "Bearer ", chr(34), chr(92) + chr(34), "key:", "%25", "cookie: "]
pieces += ["@://", "ew", "[", '{"a":', "mock_", "Token 1", "sk-", "sk-a1", "AKIA", "-----BEGIN ", "-----BEGIN A-----"]
for piece in pieces:
    text = piece * (200_000 // len(piece))
    redact({"a": text})
    without_tokens(text)
"""


def test_a_text_made_to_be_slow_is_not():
    """It takes a second; a pattern that needs the square of the length takes an hour."""
    subprocess.run([sys.executable, "-c", SLOW], check=True, timeout=120)


def test_headers():
    headers = {
        "Authorization": f"Bearer {KEY}",
        "Proxy-Authorization": CANARY,
        "X-Api-Key": KEY,
        "Cookie": f"session={CANARY}",
        "X-Livekit-Token": TOKEN,
        "Referer": f"https://user:{CANARY}@host/?key={KEY}",
        "Content-Type": "application/json",
        "x-AMZ-security-TOKEN": CANARY,
        "OCP-APIM-SUBSCRIPTION-KEY": CANARY,
        "X-Auth": f"canary {CANARY}",
        "X-Meta": json.dumps({"deep": json.dumps({"apiKey": CANARY})}),
        KEY: "1",
        f"X-{KEY}": "1",
    }
    clean = redact_headers(headers, [KEY])
    assert KEY.lower() not in str(clean).lower()
    assert clean["authorization"] == f"Bearer {fingerprint(KEY)}"
    assert clean["x-api-key"] == fingerprint(KEY)
    assert clean["content-type"] == "application/json"
    for secret in (KEY, CANARY, TOKEN, SIGNATURE):
        assert secret not in str(clean)


def test_a_session_token_in_a_header_is_told_from_a_key():
    assert redact_headers({"Authorization": f"Bearer {TOKEN}"})["authorization"].startswith("Bearer jwt:")


def test_a_header_that_was_sent_twice_shows_both():
    class Twice(dict):
        def items(self):
            return [("X-Api-Key", CANARY), ("x-api-key", "other"), ("A", "1"), ("a", "2")]

    assert redact_headers(Twice()) == {"x-api-key": f"{fingerprint(CANARY)}, {fingerprint('other')}", "a": "1, 2"}


def test_a_target_is_one_line_that_can_be_printed():
    assert Redactor().target("/a\udcff\nb") == "/a\\udcff\\nb"
    assert "\n" not in Redactor().target(f"/x?a=%0Aapi%5Fkey={CANARY}")


def test_a_log_for_people_keeps_what_names_say():
    text = f"api_key = options.key  # {KEY}, wss://me:{CANARY}@host, Bearer {CANARY}, {TOKEN}"
    clean = without_tokens(text, [KEY])
    assert clean.startswith(f"api_key = options.key  # {fingerprint(KEY)}, wss://key:")
    for secret in (KEY, CANARY, SIGNATURE):
        assert secret not in clean


def test_fingerprint_tells_keys_apart_and_nothing_more():
    assert fingerprint("a") == "key:ca978112"
    assert fingerprint("a") != fingerprint("b")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "eyJ.eyJ.eyJ", "a.!!!.c", "x" * 5000, "eyJhIjox.W10.x"])
def test_what_is_no_jwt_has_no_claims(token):
    assert claims(token) is None
