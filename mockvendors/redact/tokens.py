"""What stands for a secret, the fingerprint of a key or the claims of a JWT; and how a secret is written."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

_PARTS = 3
_DIGITS = 8
_LONG_ENOUGH = 8
"""Characters of a secret whose other forms are no words of everybody's: `mine` in upper case, or in base64, is."""
_SHOWN = re.compile("(?:key|jwt):[0-9a-f]{8}")


def fingerprint(secret: str) -> str:
    """Return `key:` and 8 hex digits, by which one key is told from another."""
    return f"key:{_digits(secret)}"


def short(secret: str) -> str:
    """Return what stands for a secret inside of a text: `jwt:` or `key:` and 8 hex digits; that itself stays."""
    if _SHOWN.fullmatch(secret):
        return secret
    return f"{'key' if claims(secret) is None else 'jwt'}:{_digits(secret)}"


def claims(token: str) -> dict[str, Any] | None:
    """Return what a JWT says, unverified; None when it is none."""
    parts = token.split(".")
    if len(parts) != _PARTS:
        return None
    try:
        payload = binascii.a2b_base64(parts[1].replace("-", "+").replace("_", "/") + "==")
        found = msgspec.json.decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def spellings(secret: str) -> list[str]:
    """Return how a secret can be written: in a URL, a form, a JSON text, another case or hex; the longest first."""
    escaped = json.dumps(secret)[1:-1]
    written = {secret, escaped, escaped.replace("/", "\\/"), quote(secret, safe=""), quote(secret), quote_plus(secret)} - {""}
    if len(secret) >= _LONG_ENOUGH:
        raw = secret.encode(errors="surrogatepass")
        written |= {secret.upper(), secret.lower(), raw.hex(), raw.hex().upper()}
    return sorted(written, key=len, reverse=True)


def encodings(secret: str) -> Iterator[str]:
    """Yield what base64 makes of a secret amidst anything, for each of the three ways in which it falls into its groups.

    To be looked for when JWTs are gone: one that has the secret among its claims would be none without it, and stay.
    """
    raw = secret.encode(errors="surrogatepass") if len(secret) >= _LONG_ENOUGH else b""
    for before in range(3 if raw else 0):
        after = -(before + len(raw)) % 3
        text = base64.b64encode(bytes(before) + raw + bytes(after)).decode()
        kept = text[(0, 2, 3)[before] : len(text) - (0, 2, 3)[after]]
        yield kept
        yield kept.replace("+", "-").replace("/", "_")


def without(text: str, known: Mapping[str, str]) -> str:
    """Return a text in which what stands for each known secret is in its place."""
    for secret, shown in known.items():
        if secret in text:
            text = text.replace(secret, shown)
    return text


def _digits(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
