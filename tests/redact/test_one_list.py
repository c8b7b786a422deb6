"""Logs and cassettes are held to one list of canaries: what is a secret by its form is found by both, a harmless text by none."""

import base64
import json

import jwt
import pytest

from mockvendors.cassettes.patterns import replace, suspects
from mockvendors.redact import redact_text

CANARY = "canaryUnknown7Zr2Lw9Xk4"
WORDS = "correct horse canary"
"""Looks like nothing: only its name, or its quotation marks, tell it."""
TOKEN = jwt.encode({"sub": "canary", "video": {"room": "canary"}}, "k" * 32)
PEM = base64.b64encode(b"canary" * 9).decode()

SECRETS = [
    (f"a {TOKEN} b", TOKEN),
    (f"wss://h/?access_token={TOKEN}&x=1", TOKEN),
    (f"sent Authorization: Bearer {CANARY}", CANARY),
    (f"how=Bearer+{CANARY}", CANARY),
    (f"Basic {CANARY}", CANARY),
    (f"Token {CANARY}", CANARY),
    ("Authorization: Bearer hunter22", "hunter22"),
    ("Authorization: Digest hunter22", "hunter22"),
    (f"Authorization: AWS4-HMAC-SHA256 Credential=x, Signature={CANARY}", CANARY),
    ("Cookie: a=1; b=hunter22; c=2", "hunter22"),
    ("curl -H 'x-api-key: hunter22'", "hunter22"),
    ("Ocp-Apim-Subscription-Key: hunter22", "hunter22"),
    ("private key: hunter22", "hunter22"),
    *((f"{name}=hunter22", "hunter22") for name in ("api_key", "apiKey", "secret", "password", "passwd", "pwd", "passphrase")),
    *((f"https://host/?{name}=hunter22&x=1", "hunter22") for name in ("token", "auth", "key", "sig", "signature", "jwt")),
    (f'{{"apiKey": "{WORDS}"}}', WORDS),
    (f'said {{\\"apiKey\\": \\"{WORDS}\\"}}', WORDS),
    (f"\"password\": '{WORDS}'", WORDS),
    (json.dumps(json.dumps({"clientSecret": WORDS})), WORDS),
    ("wss://user:hunter22@host/path", "hunter22"),
    ("wss://user:p@hunter22@host/path", "hunter22"),
    ("https:\\/\\/user:hunter22@host", "hunter22"),
    (f"-----BEGIN PRIVATE KEY-----\n{PEM}\n-----END PRIVATE KEY-----", PEM),
    (f"-----BEGIN RSA PRIVATE KEY-----\n{PEM}", PEM),
    ("sk-canary0123456789abcd", "sk-canary0123456789abcd"),
    ("see ghp_canary0123456789abcd here", "ghp_canary0123456789abcd"),
    ("AKIACANARY0123456789", "AKIACANARY0123456789"),
    ("mock_" + "aB3-_xYz" * 4, "mock_" + "aB3-_xYz" * 4),
]
HARMLESS = [
    "plain words",
    "The session token was used already",
    "The Authorization header is not of the form: Bearer <key>",
    "Bearer token expected",
    "The monkey: an author of basic tools",
    "personaConfig/avatarId: 'x' is not of type 'string'",
    "videoWidth 720: not supported",
    "12:34:56 host:80/path?x=1&y=2",
]
OF_CASSETTES = [
    "ada@example.test",
    "call 004912345678901",
    "8d3b7a10-4c1e-4f7a-9c55-0b1d2e3f4a5b",
    "Xq7Zr2Lw9Xk4Vt1Bn8Mp3",
    "hf-models",
]
"""What no log hides: somebody's own, or in doubt."""


def cleaned(text):
    """Return what a cassette holds of a text."""
    return replace(text, frozenset(), lambda _: "<token:1>")


@pytest.mark.parametrize(("text", "secret"), SECRETS, ids=lambda value: str(value)[:50])
def test_a_secret_is_found_by_both(text, secret):
    assert secret in text
    for clean in (redact_text(text), cleaned(text)):
        assert secret not in clean
    assert list(suspects(text, frozenset()))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_in_both(text):
    assert (redact_text(text), cleaned(text)) == (text, text)


@pytest.mark.parametrize("text", OF_CASSETTES)
def test_what_is_no_secret_goes_from_cassettes_alone(text):
    assert redact_text(text) == text
    assert cleaned(text) != text


@pytest.mark.parametrize("text", [text for text, _ in SECRETS], ids=lambda value: str(value)[:50])
def test_what_was_cleaned_is_clean(text):
    """What stands for a secret is none, else no recording could be written."""
    assert list(suspects(cleaned(text), frozenset())) == []


NAMED = ["password={}", "token: {}", "Bearer {}", "Authorization: Bearer {}", 'x "apiKey": "{}"', '\\"key\\": \\"{}\\"']


@pytest.mark.parametrize("stand_in", ["<key:1>", "<token:22>", "<jwt:3>", "<text:12>"])
@pytest.mark.parametrize("text", [*NAMED, "//{}@host", "no {}, and no {}: why"])
def test_stand_ins_are_no_secrets(text, stand_in):
    assert [suspect for suspect in suspects(text.replace("{}", stand_in), frozenset()) if "@" not in suspect.text] == []
