"""Taking secrets out of what is about to be stored: keys become fingerprints, JWTs their claims."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?")
_USER_INFO = re.compile(r"(?<=://)[^/@\s\"']+(?=@)")
_NAMES = "api[-_ ]?key|apikey|secret|password|passwd|token|authorization|credentials?|access[-_]?key|private[-_]?key"
_SECRET_NAME = re.compile(_NAMES, re.IGNORECASE)
_ASSIGNED = re.compile(rf"(?i)(\b[\w-]*(?:{_NAMES})[\w-]*[\"']?\s*[=:]\s*[\"']?)(?!jwt:|key:)([^\s\"'&,;}}]+)")
_BEARER = re.compile(r"(?i)\b(Bearer|Basic|Token)\s+(?!jwt:|key:)(\S+)")
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
_MARKS = ("eyJ", "://", "=", ":", "earer ", "asic ", "oken ")
_DEEPEST = 100


def fingerprint(secret: str) -> str:
    """Return `key:` and 8 hex digits, by which one key is told from another."""
    return f"key:{hashlib.sha256(secret.encode(errors='surrogatepass')).hexdigest()[:8]}"


def claims(token: str) -> dict[str, Any] | None:
    """Return what a JWT says, unverified; None when it is none."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, payload, signature
        return None
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def redact(value: Any, known: Iterable[str] = ()) -> Any:  # noqa: ANN401 - any JSON value
    """Return a deep copy of a JSON value without secrets; `known` are secrets to remove wherever they stand."""
    return _value(value, tuple(known), 0)


def redact_text(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without secrets: known ones, JWTs, user info of URLs, and what is assigned to a secret's name."""
    for secret in known:
        text = text.replace(secret, fingerprint(secret))
    if not any(mark in text for mark in _MARKS):
        return text
    text = _JWT.sub(lambda found: _short(found[0]), text)
    text = _USER_INFO.sub(lambda found: fingerprint(found[0]), text)
    text = _BEARER.sub(lambda found: f"{found[1]} {fingerprint(found[2])}", text)
    return _ASSIGNED.sub(lambda found: found[1] + fingerprint(found[2]), text)


def redact_headers(headers: Mapping[str, str], known: Iterable[str] = ()) -> dict[str, str]:
    """Return headers by lower-case name, without secrets; what was sent twice is joined by a comma."""
    secrets = tuple(known)
    result: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        clean = _header(lower, value, secrets)
        result[lower] = f"{result[lower]}, {clean}" if lower in result else clean
    return result


def _header(name: str, value: str, known: tuple[str, ...]) -> str:
    if name not in _SECRET_HEADERS and not _SECRET_NAME.search(name):
        return redact_text(value, known)
    scheme, space, secret = value.partition(" ")
    if space and name.endswith("authorization") and scheme.isalpha():
        return f"{scheme} {_short(secret)}"
    return _short(value) if value else value


def _short(secret: str) -> str:
    return ("jwt:" if claims(secret) is not None else "key:") + fingerprint(secret)[4:]


def _value(value: Any, known: tuple[str, ...], depth: int) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return _string(value, known)
    if depth > _DEEPEST:
        return "... (nested too deeply)"
    if isinstance(value, Mapping):
        return {redact_text(str(name), known): _field(str(name), item, known, depth) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_value(item, known, depth + 1) for item in value]
    return value


def _field(name: str, value: Any, known: tuple[str, ...], depth: int) -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(value, str) or not value or not _SECRET_NAME.search(name):
        return _value(value, known, depth + 1)
    found = claims(value)
    return fingerprint(value) if found is None else {"jwt": _value(found, known, depth + 1)}


def _string(value: str, known: tuple[str, ...]) -> Any:  # noqa: ANN401 - a string, or the claims of a JWT
    if value.startswith("eyJ"):
        found = claims(value)
        if found is not None:
            return {"jwt": redact(found, known)}
    return redact_text(value, known)
