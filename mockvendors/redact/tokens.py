"""What stands for a secret, the fingerprint of a key or the claims of a JWT; and how a secret is written."""

import binascii
import hashlib
import json
import re
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec

_PARTS = 3
_DIGITS = 8
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
    """Return how a secret can be written in a URL, a form or a JSON text, the longest first."""
    escaped = json.dumps(secret)[1:-1]
    written = {secret, escaped, escaped.replace("/", "\\/"), quote(secret, safe=""), quote(secret), quote_plus(secret)} - {""}
    return sorted(written, key=len, reverse=True)


def _digits(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
