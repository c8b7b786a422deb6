"""JSON values without what is somebody's own: structure, types, flags and known numbers stay, texts have stand-ins."""

import json
import math
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockvendors.cassettes import inside
from mockvendors.cassettes.fields import Field
from mockvendors.cassettes.standins import MOMENT, StandIns, read_stand_in
from mockvendors.cassettes.text import Cleaner
from mockvendors.redact import claims as jwt_claims

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_JWT = re.compile(r"\s*[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\s*")
_URL = re.compile(r"(wss?|https?)://([^/?#\s]+)([^\s]*)")
_ID = re.compile(r"(?:^|[_-])ids?$|[a-z]I[dD]s?$")
_SECRET = re.compile(r"token|secret|passw|credential|api[-_]?key|access[-_]?key|private[-_]?key|^key$|cookie", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
"""Of RFC 3339; what is none has the stand-in of a text, so that drift sees it."""
_DEEPEST = 64
_LARGEST = 99_999_999
"""Greater numbers are cut down to it: they could be somebody's number, and no rule needs more."""
_DIGITS = 6
"""Significant digits of a fraction that stay."""
_LONG_NUMBER = 9
_TIMES = ("exp", "nbf", "iat")


class Values:
    """Scrubs values in the words of one recording."""

    def __init__(self, stand_ins: StandIns, cleaner: Cleaner, public: frozenset[str]) -> None:
        self._stand_ins = stand_ins
        self._cleaner = cleaner
        self.public = public

    def value(self, value: Any, field: Field | None, name: str = "", depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
        """Return what stands for a value; `field` is what the contract says of its place, `name` what it stands under."""
        if depth > _DEEPEST:
            return self._stand_ins.text(json.dumps(value))
        if isinstance(value, dict):
            return {self.name(own, field): self._below(item, field, own, depth) for own, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, field.item if field else None, name, depth + 1) for item in value]
        if isinstance(value, str):
            return self.string(value, field, name)
        return self._number(value, field) if isinstance(value, int | float) and not isinstance(value, bool) else value

    def name(self, name: str, field: Field | None) -> str:
        """Return the name of a field: one that the contract knows, a plain identifier beside those, or its stand-in.

        Beside known names another one is a renamed or a new field, which drift is to show. Elsewhere it may be data: the
        names of people in `{"balances": {"somebody": 5}}`.
        """
        known = field is not None and field.child(name) is not None
        stand_in = read_stand_in(name)
        kept = stand_in is not None and stand_in.claims is None
        beside = field is not None and field.described and self._cleaner.is_plain_name(name)
        if known or kept or beside or name in self.public:
            return name
        return self._stand_ins.numbered("name", name)

    def parameter(self, name: str, value: str) -> str:
        """Return the name of a field of a query: a plain identifier that has a value, or its stand-in."""
        stand_in = read_stand_in(name)
        if name in self.public or stand_in is not None or (value and self._cleaner.is_plain_name(name)):
            return name
        return self._stand_ins.numbered("name", name)

    def string(self, text: str, field: Field | None, name: str) -> str:
        """Return what stands for a text."""
        if not text or text in self.public:
            return text
        stand_in = read_stand_in(text)
        if stand_in is not None:
            return self._again(text)
        known = self._stand_ins.get(text)
        if known is not None and not known.startswith("<jwt:"):
            return known
        if _JWT.fullmatch(text):
            claims = jwt_claims(text.strip())
            if claims is not None:
                return self.jwt(text, claims)
        if _SECRET.search(name):
            return self._stand_ins.numbered("token", text)
        return self._plain(text, field, name)

    def jwt(self, token: str, claims: Mapping[str, Any]) -> str:
        """Return a readable stand-in of a JWT: its claims, scrubbed, with the seconds that it lives."""
        self._stand_ins.secret(token.strip())
        for part in token.strip().split(".")[1:]:
            self._stand_ins.text(part)
        number = self._stand_ins.numbered("jwt", token).removesuffix(">")
        return f"{number} {json.dumps(self.claims(claims))}>"

    def _plain(self, text: str, field: Field | None, name: str) -> str:
        if _UUID.fullmatch(text):
            return self._stand_ins.numbered("uuid", text.lower())
        if field is not None and field.clear:
            return self._cleaner.clean(text)
        if _ID.search(name):
            return self._stand_ins.numbered("id", text)
        if found := _URL.fullmatch(text):
            return self._url(found)
        shown = self._stand_ins.text(text)
        for part in inside.of_text(text):
            if part not in self.public:
                self._stand_ins.part(part)
        return MOMENT if field is not None and field.moment and _is_moment(text) else shown

    def _url(self, found: re.Match[str]) -> str:
        """Return a URL of the same scheme: the host has a stand-in, user info, path and query are gone."""
        if read_stand_in(found[2]) is not None and found[3] in ("", "/"):
            return found[0]
        self._stand_ins.text(found[0])
        if found[3] not in ("", "/"):
            self._stand_ins.text(found[3])
        _, _, host = found[2].rpartition("@")
        known = self._stand_ins.get(host) or self._stand_ins.numbered("host", host)
        return f"{found[1]}://{known}" + ("/" if found[3] else "")

    def _number(self, value: float, field: Field | None) -> float:
        if field is not None and field.numeric:
            if not math.isfinite(value):
                return 0
            bounded = max(-_LARGEST, min(_LARGEST, value))
            return float(f"{bounded:.{_DIGITS}g}") if isinstance(bounded, float) else bounded
        if len(str(value)) >= _LONG_NUMBER:
            self._stand_ins.text(str(value))
        return 0

    def _below(self, item: Any, field: Field | None, name: str, depth: int) -> Any:  # noqa: ANN401 - any JSON value
        return self.value(item, field.child(name) if field else None, name, depth + 1)

    def _again(self, text: str) -> str:
        """Return a stand-in as it is, so that scrubbing twice is scrubbing once; the claims of a JWT are looked through."""
        stand_in = read_stand_in(text)
        if stand_in is None:
            return text
        self._stand_ins.keep(stand_in)
        if stand_in.claims is None:
            return text
        return f"<jwt:{stand_in.number} {json.dumps(self.claims(stand_in.claims))}>"

    def claims(self, claims: Mapping[str, Any]) -> dict[str, Any]:
        """Return claims with the same names: flags stay, texts are ids, times become the seconds of life."""
        shown = {self.name(name, None): self._claim(name, value) for name, value in claims.items() if name not in _TIMES}
        expires = claims.get("exp")
        if isinstance(expires, int | float):
            began = next((claims[name] for name in ("nbf", "iat") if isinstance(claims.get(name), int | float)), time.time())
            shown["exp_in"] = max(-_LARGEST, min(_LARGEST, round(expires - began)))
        return shown

    def _claim(self, name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, dict):
            return {self.name(own, None): self._claim(own, item) for own, item in value.items()}
        if isinstance(value, list):
            return [self._claim(name, item) for item in value]
        if isinstance(value, str):
            return self._claimed(name, value)
        if isinstance(value, bool) or value is None:
            return value
        return value if name == "exp_in" and isinstance(value, int) and abs(value) <= _LARGEST else 0

    def _claimed(self, name: str, text: str) -> str:
        if not text or text in self.public:
            return text
        if read_stand_in(text) is not None:
            return self._again(text)
        if name == "iss":
            return self._stand_ins.numbered("key", text)
        return self._stand_ins.numbered("uuid", text.lower()) if _UUID.fullmatch(text) else self._stand_ins.numbered("id", text)


def _is_moment(text: str) -> bool:
    try:
        return _MOMENT.fullmatch(text) is not None and datetime.fromisoformat(text.upper()) is not None
    except ValueError:
        return False
