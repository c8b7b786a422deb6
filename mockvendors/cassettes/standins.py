"""What stands for a value that was taken out: the same for the same original, so that links between requests survive.

| original | stand-in |
|---|---|
| API key | `<key:1>` |
| opaque token | `<token:1>` |
| JWT | `<jwt:1 {claims, scrubbed in the same way}>` in a body, `<jwt:1>` elsewhere |
| UUID | `00000000-0000-4000-8000-000000000001` |
| other id | `<id:1>` |
| host | `host-1.invalid` |
| name of an unknown field | `<name:1>` |
| other text | `<text:12>`: it had 12 characters |
| body | `<body:512 image/png>`: it had 512 bytes |
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockvendors.cassettes.dress import SHORTEST, parts
from mockvendors.cassettes.vocabulary import MEDIA_TYPES

ORIGIN = "https://vendor.invalid"
"""Stands for scheme, host and port of the upstream; a name below `.invalid` is never found (RFC 6761)."""
UPSTREAM = "vendor.invalid"
MOMENT = "2000-01-01T00:00:00Z"
"""Stands for every point in time."""
_SHAPES = frozenset({"vendor", "invalid", "host", "key", "token", "id", "name", "text", "jwt", "body"})
"""Words of which stand-ins are made: no original can be told from them."""
_LONGEST = 1000
"""Characters of an original that is looked for elsewhere: no text that stays has so many."""

_UUID = "00000000-0000-4000-8000-%012d"
_FORM = re.compile(r"<(key|token|id|name|text):(\d{1,9})>")
_JWT = re.compile(r"<jwt:(\d{1,9})(?: (\{.*\}))?>", re.DOTALL)
_BODY = re.compile(rf"<body:(\d{{1,9}}) (?:{'|'.join(map(re.escape, sorted(MEDIA_TYPES)))})>")
_UUID_FORM = re.compile(r"00000000-0000-4000-8000-0{6}(\d{6})")
_HOST_FORM = re.compile(r"host-(\d{1,9})\.invalid")
_INSIDE = re.compile(
    r"<(?:key|token|id|name|text|jwt):\d{1,9}>|<key>|00000000-0000-4000-8000-0{6}\d{6}|host-\d{1,9}\.invalid|vendor\.invalid"
)
_NUMBERED = re.compile(r"<(key|token|id|name|jwt):\d{1,9}(?=[ >])")


@dataclass(frozen=True)
class StandIn:
    """A stand-in that was read."""

    kind: str
    """`key`, `token`, `jwt`, `uuid`, `id`, `host`, `name`, `text`, `body` or `moment`."""
    number: int
    """Which one of its kind; of `text` the characters, of `body` the bytes that the original had."""
    claims: Mapping[str, Any] | None = None
    """Of a JWT in a body."""


def read_stand_in(text: str) -> StandIn | None:
    """Return the stand-in that a whole text is; None when it is none."""
    if text in (MOMENT, UPSTREAM):
        return StandIn("moment" if text == MOMENT else "host", 0)
    if found := _FORM.fullmatch(text):
        return StandIn(found[1], int(found[2]))
    for kind, form in (("body", _BODY), ("uuid", _UUID_FORM), ("host", _HOST_FORM)):
        if found := form.fullmatch(text):
            return StandIn(kind, int(found[1]))
    return _read_jwt(text)


def _read_jwt(text: str) -> StandIn | None:
    found = _JWT.fullmatch(text)
    if found is None:
        return None
    try:
        claims = json.loads(found[2]) if found[2] else None
    except (ValueError, RecursionError):
        return None
    return StandIn("jwt", int(found[1]), claims)


def without_stand_ins(text: str, change: Callable[[str], str]) -> str:
    """Return a text with everything changed but the stand-ins in it."""
    parts, end = [], 0
    for found in _INSIDE.finditer(text):
        parts += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(text[end:])])


def alike(text: str) -> str:
    """Return a text with every numbered stand-in reduced to its kind, so that texts of two recordings can be compared."""
    text = _NUMBERED.sub(r"<\1:*", text)
    return _HOST_FORM.sub("host-*.invalid", _UUID_FORM.sub("<uuid:*>", text))


class StandIns:
    """The stand-ins of one recording."""

    def __init__(self, frame: str = "") -> None:
        """`frame` has the words of which every recording is made, in lower case: no secret can be told from them."""
        self._frame = frame
        self._given: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self.originals: dict[str, str] = {}
        """All that was taken out, and may stand nowhere in what is written, with what stands for it."""
        self.secrets: set[str] = set()
        """Every credential that was named or met, and its parts: looked for in every dress, and in part."""
        self.parts: set[str] = set()
        """Parts of them, by which they are known."""

    def get(self, original: str) -> str | None:
        """Return the stand-in that this original has already."""
        return self._given.get(original)

    def numbered(self, kind: str, original: str) -> str:
        """Return the `key`, `token`, `jwt`, `id`, `name`, `uuid` or `host` that stands for this original."""
        known = self._given.get(original)
        if known is None:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            form = {"uuid": _UUID % number, "host": f"host-{number}.invalid"}.get(kind, f"<{kind}:{number}>")
            known = self._given[original] = form
            if self._is_looked_for(original):
                self.originals[original] = form
        return known

    def text(self, original: str) -> str:
        """Return what stands for a text that nothing else refers to."""
        form = f"<text:{len(original)}>"
        return self.originals.setdefault(original, form) if self._is_looked_for(original) else form

    def part(self, original: str) -> None:
        """Know a part of a value that is taken out as a whole; one of a credential is a `secret` besides."""
        if read_stand_in(original) is None and original.strip():
            self.text(original)

    def secret(self, original: str) -> None:
        """Know a secret; `invalid`, which a test gives for a wrong key, is none in a file in which that word stands."""
        if len(original) >= SHORTEST and original.casefold() not in self._frame:
            self.secrets.add(original)
            self.parts |= parts(frozenset({original}))

    def _is_looked_for(self, original: str) -> bool:
        return len(original) <= _LONGEST and original.casefold() not in _SHAPES

    def stand_for(self, original: str, stand_in: str) -> None:
        """Let `stand_in` stand for an original that is known before it is met."""
        self._given[original] = self.originals[original] = stand_in

    def keep(self, stand_in: StandIn) -> None:
        """Give this number to no other original: what is scrubbed was scrubbed before."""
        if stand_in.kind not in ("text", "body"):
            self._counts[stand_in.kind] = max(self._counts.get(stand_in.kind, 0), stand_in.number)
