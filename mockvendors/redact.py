"""Taking secrets out of what is about to be stored: keys become fingerprints, JWTs their claims.

Every request passes here twice, so what cannot hold a secret is recognised by a few substring tests.
"""

import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?")
_USER_INFO = re.compile(r"(?<=://)[^/@\s\"']+(?=@)")
_NAMES = r"api[-_ ]?key|secret|passw(?:or)?d|token|authorization|credentials?|access[-_]?key|private[-_]?key|cookie"
_SECRET_NAME = re.compile(_NAMES, re.IGNORECASE)
_ASSIGNED = re.compile(rf"(?i)(\b[\w-]*(?:{_NAMES})[\w-]*\\?[\"']?\s*[=:]\s*\\?[\"']?)(?!jwt:|key:)([^\s\"'&,;}}\\]+)")
_BEARER = re.compile(r"(?i)\b(Bearer|Basic|Token)\s+(?!jwt:|key:)([^\s\"',;]+)")
_MARKS = (b"token", b"eyj", b"@", b"=", b"key", b"secret", b"passw", b"auth", b"cred", b"cookie", b"bearer", b"basic")
"""Of these a JSON text holds at least one (in lower case) where it holds a secret that we can tell."""
_DEEPEST = 100
_JWT_PARTS = 3
_NAMES_SEEN: dict[str, bool] = {}
_MOST_NAMES = 1000
_SHORT = 40
"""Names up to here are searched once; longer texts are no names."""


def fingerprint(secret: str) -> str:
    """Return `key:` and 8 hex digits, by which one key is told from another."""
    return f"key:{hashlib.sha256(secret.encode(errors='surrogatepass')).hexdigest()[:8]}"


def claims(token: str) -> dict[str, Any] | None:
    """Return what a JWT says, unverified; None when it is none."""
    payload = _payload(token)
    return None if payload is None else _claims(payload)


class Redactor:
    """Removes what looks like a secret, and known secrets wherever they stand."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = {secret: fingerprint(secret) for secret in known}
        self._pairs = tuple(self._known.items())
        self._known_bytes = tuple(secret.encode(errors="surrogatepass") for secret in self._known)

    def json(self, raw: bytes, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        """Return `value`, whose JSON text is `raw`, without secrets; itself where it surely holds none."""
        lower = raw.lower()
        if b"\\u" in lower:
            return self.value(value)
        for mark in _MARKS:
            if mark in lower:
                return self.value(value)
        for secret in self._known_bytes:
            if secret in raw:
                return self.value(value)
        return value

    def value(self, value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
        """Return a deep copy of a JSON value without secrets."""
        kind = type(value)
        if kind is str:
            return self._string(value)
        if depth > _DEEPEST and kind in (dict, list):
            return "... (nested too deeply)"
        if kind is dict:
            return self._object(value, depth + 1)
        return [self.value(item, depth + 1) for item in value] if kind is list else value

    def text(self, text: str) -> str:
        """Return a text without known secrets, JWTs, user info of URLs, and what is assigned to a secret's name."""
        for secret, shown in self._pairs:
            if secret in text:
                text = text.replace(secret, shown)
        if ":" in text or " " in text or "=" in text or "eyJ" in text:
            return self._patterns(text)
        return text

    def _patterns(self, text: str) -> str:
        if "eyJ" in text:
            text = _JWT.sub(lambda found: _short(found[0]), text)
        if "@" in text:
            text = _USER_INFO.sub(lambda found: fingerprint(found[0]), text)
        if " " in text:
            text = _BEARER.sub(lambda found: f"{found[1]} {_short(found[2])}", text)
        return _ASSIGNED.sub(lambda found: found[1] + _short(found[2]), text) if _is_secret(text) else text

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers by lower-case name, without secrets; what was sent twice is joined by a comma."""
        result: dict[str, str] = {}
        for name, value in headers.items():
            lower = name.lower()
            clean = self._secret_header(value) if _is_secret(lower) else self.text(value)
            result[lower] = f"{result[lower]}, {clean}" if lower in result else clean
        return result

    def _secret_header(self, value: str) -> str:
        scheme, space, secret = value.partition(" ")
        if space and scheme.isalpha():
            return f"{scheme} {self._known.get(secret) or _short(secret)}"
        return (self._known.get(value) or _short(value)) if value else value

    def _object(self, fields: dict[str, Any], depth: int) -> dict[str, Any]:
        result = {}
        for field, value in fields.items():
            kind = type(value)
            name = self.text(field)
            if _is_secret(field) and kind is not str:
                result[name] = _sealed(value)
            elif kind is not str:
                result[name] = self.value(value, depth) if kind is dict or kind is list else value
            elif value and _is_secret(field):
                result[name] = self._claims(value) or fingerprint(value)
            else:
                result[name] = self._string(value)
        return result

    def _claims(self, token: str) -> dict[str, Any] | None:
        payload = _payload(token)
        found = _claims(payload) if payload else None
        return {"jwt": self.json(payload, found)} if payload and found is not None else None

    def _string(self, value: str) -> Any:  # noqa: ANN401 - a string, or the claims of a JWT
        found = self._claims(value) if value.startswith("eyJ") else None
        return self.text(value) if found is None else found


def redact(value: Any, known: Iterable[str] = ()) -> Any:  # noqa: ANN401 - any JSON value
    """Return a deep copy of a JSON value without secrets; `known` are secrets to remove wherever they stand."""
    return Redactor(known).value(value)


def redact_text(text: str, known: Iterable[str] = ()) -> str:
    """Return a text without secrets."""
    return Redactor(known).text(text)


def without_tokens(text: str, known: Iterable[str] = ()) -> str:
    """Return a text for people without JWTs and known secrets; all else stays as it was said."""
    for secret in known:
        text = text.replace(secret, fingerprint(secret))
    return _JWT.sub(lambda found: _short(found[0]), text)


def redact_headers(headers: Mapping[str, str], known: Iterable[str] = ()) -> dict[str, str]:
    """Return headers by lower-case name, without secrets; what was sent twice is joined by a comma."""
    return Redactor(known).headers(headers)


def _sealed(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return what stands under a secret's name with each text in it as a fingerprint."""
    if isinstance(value, dict):
        return {name: _sealed(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_sealed(item) for item in value]
    return fingerprint(value) if isinstance(value, str) else value


def _payload(token: str) -> bytes | None:
    """Return the JSON text inside of a JWT."""
    parts = token.split(".")
    if len(parts) != _JWT_PARTS:
        return None
    try:
        return binascii.a2b_base64(parts[1].replace("-", "+").replace("_", "/") + "==")
    except (binascii.Error, ValueError):
        return None


def _claims(payload: bytes) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_secret(name: str) -> bool:
    known = _NAMES_SEEN.get(name)
    if known is None:
        known = _SECRET_NAME.search(name) is not None
        if len(name) < _SHORT and len(_NAMES_SEEN) < _MOST_NAMES:
            _NAMES_SEEN[name] = known
    return known


def _short(secret: str) -> str:
    return ("jwt:" if claims(secret) is not None else "key:") + fingerprint(secret)[4:]
