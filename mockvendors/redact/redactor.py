"""Takes secrets out of whatever an exchange brings: bodies, headers, targets, texts.

Every request passes here, so what was found harmless once is recognised by its hash. The text itself is not kept: a secret
that nobody could tell as one must not stay in memory for that.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from mockvendors.redact.carried import carried
from mockvendors.redact.patterns import header, is_secret, is_word, without_credentials, without_keys, without_named
from mockvendors.redact.tokens import claims, encodings, fingerprint, spellings, without

_DEEPEST = 100
_TIMES_ENCODED = 3
"""So often a text is percent-decoded; what is encoded more often can be read by nobody."""
_REMEMBERED = 2000
"""Hashes of 8 bytes; a client's headers, names and constant values are a few dozen."""


class Redactor:
    """Removes what looks like a secret, and known secrets wherever they stand."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known: dict[str, str] = {}
        """What stands for each spelling of a known secret."""
        self._encoded: dict[str, str] = {}
        """And for what base64 makes of it."""
        self._harmless: set[int] = set()
        """Hashes of texts without a secret."""
        self._plain: set[int] = set()
        """Hashes of names without a secret, under which none stands."""
        self._telling: set[int] = set()
        """Hashes of names without a secret, under which one stands."""
        for secret in known:
            self.learn(secret)

    def learn(self, secret: str) -> None:
        """Know one more secret."""
        self._known |= dict.fromkeys(spellings(secret), fingerprint(secret))
        self._encoded |= dict.fromkeys(encodings(secret), fingerprint(secret))
        for marks in (self._harmless, self._plain, self._telling):
            marks.clear()

    def forget(self, secret: str) -> None:
        """Know a secret no more."""
        for spelling in spellings(secret):
            self._known.pop(spelling, None)
        for encoding in encodings(secret):
            self._encoded.pop(encoding, None)

    def of(self, headers: Mapping[str, str]) -> "Redactor":
        """Return a redactor that knows as well what this request carries under the names of secret headers.

        A key that nobody here has is told by its name alone; elsewhere in the same request it looks like any word.
        """
        own: list[str] = []
        for name, value in headers.items():
            if hash(name) in self._plain or value.partition(" ")[2] in self._known or self._is_plain(name):
                continue
            own += [secret for secret in carried(name, value) if secret not in self._known]
        if not own:
            return self
        knowing = Redactor(own)
        knowing._known |= self._known
        knowing._encoded |= self._encoded
        return knowing

    def body(self, value: Any) -> bytes:  # noqa: ANN401 - any JSON value
        """Return a JSON value without secrets, as JSON text.

        It is written anew: of names that were sent twice the text that came may hold a secret that the value has not.
        """
        return msgspec.json.encode(self.value(value))

    def value(self, value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
        """Return a deep copy of a JSON value without secrets."""
        kind = type(value)
        if kind is str:
            return self._string(value, depth)
        if kind is not dict and kind is not list:
            return value
        if depth > _DEEPEST:
            return "... (nested too deeply)"
        if kind is list:
            return [self.value(item, depth + 1) for item in value]
        return self._object(value, depth + 1)

    def text(self, text: str) -> str:
        """Return a text without known secrets, JWTs, user info of URLs, and what is assigned to a secret's name."""
        mark = hash(text)
        if mark in self._harmless:
            return text
        clean = self._clean(text, _TIMES_ENCODED)
        if clean == text:
            _remember(self._harmless, mark)
        return clean

    def target(self, target: str) -> str:
        """Return a request's path and query without secrets, in one line that can be printed."""
        clean = self.text(target)
        return clean if clean.isascii() and clean.isprintable() else clean.encode("unicode_escape").decode()

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return headers by lower-case name, without secrets; what was sent twice is joined by a comma."""
        result: dict[str, str] = {}
        for name, value in headers.items():
            if hash(name) in self._plain or self._is_plain(name):
                lower, clean = name.lower(), value if hash(value) in self._harmless else self.text(value)
            else:
                lower, clean = self._name(name).lower(), header(value, self._known) if value else value
            result[lower] = f"{result[lower]}, {clean}" if lower in result else clean
        return result

    def _object(self, fields: dict[str, Any], depth: int) -> dict[str, Any]:
        result, plain, harmless = {}, self._plain, self._harmless
        for name, value in fields.items():
            if hash(name) not in plain and not self._is_plain(name):
                result[self._name(name)] = self._sealed(value, depth)
            elif type(value) is str:
                result[name] = value if hash(value) in harmless else self._string(value, depth)
            elif type(value) is dict and depth <= _DEEPEST:
                result[name] = self._object(value, depth + 1)
            else:
                result[name] = self.value(value, depth)
        return result

    def _name(self, name: str) -> str:
        """Return the name of a secret without secrets."""
        mark = hash(name)
        if mark in self._telling:
            return name
        clean = self.text(name)
        if clean == name:
            _remember(self._telling, mark)
        return clean

    def _sealed(self, value: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        """Return what stands under a secret's name: of a JWT the claims, of any other text the fingerprint.

        A number stays: no vendor's key is one, and `tokenSeconds` says something.
        """
        if isinstance(value, str):
            return (self._claims(value, depth) or fingerprint(value)) if value else value
        if not isinstance(value, dict | list):
            return value
        if depth > _DEEPEST:
            return "... (nested too deeply)"
        if isinstance(value, list):
            return [self._sealed(item, depth + 1) for item in value]
        return {self.text(name): self._sealed(item, depth + 1) for name, item in value.items()}

    def _claims(self, token: str, depth: int) -> dict[str, Any] | None:
        found = claims(token)
        return None if found is None else {"jwt": self.value(found, depth + 1)}

    def _string(self, value: str, depth: int) -> Any:  # noqa: ANN401 - a string, or the claims of a JWT
        found = self._claims(value, depth) if value.startswith(("ey", "ew")) else None
        return self.text(value) if found is None else found

    def _is_plain(self, name: str) -> bool:
        if hash(name) in self._telling or is_secret(name) or self.text(name) != name:
            return False
        _remember(self._plain, hash(name))
        return True

    def _clean(self, text: str, times: int) -> str:
        text = without(text, self._known)
        if is_word(text):
            return without_keys(without(text, self._encoded))
        if text[:1] in ("{", "["):
            text = self._json_text(text)
        clean = without(without_named(without_credentials(text)), self._encoded)
        if times and ("%" in text or "+" in text):
            decoded = unquote_plus(text)
            found = self._clean(decoded, times - 1) if decoded != text else decoded
            return clean if found == decoded else found
        return clean

    def _json_text(self, text: str) -> str:
        """Return a text that is itself JSON without secrets, as it was where it has none."""
        try:
            value = msgspec.json.decode(text)
            clean = self.value(value)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return text
        return text if clean == value else msgspec.json.encode(clean).decode()


def _remember(marks: set[int], mark: int) -> None:
    if len(marks) >= _REMEMBERED:
        marks.clear()
    marks.add(mark)
