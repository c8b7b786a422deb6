"""What looks like a secret, or like somebody's own, inside of a text.

What is a secret by its form is told by `redact`, for logs too. What stands here is of cassettes alone, on purpose: they are
published, so that whatever is in doubt goes (JWTs that are none, short keys, random runs), and so does what is no secret and
somebody's own (mail addresses, ids, long numbers).
"""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mockvendors.cassettes.standins import read_stand_in
from mockvendors.redact import CLOUDS, PREFIXES, secrets

_WORDLIKE = 0.6
"""Of a run of letters and digits this much must be words; of base64 about a tenth is, of hex less."""
_SHORTEST_WORD = 3
_MEAN_WORD = 2.5
_MIXED = 4
"""Changes between letter and digit; a version or a size has one or two."""
_RUN = re.compile(r"[A-Za-z0-9+/_=~-]{16,}")
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORD = re.compile(r"(?!.*[^aeiouy]{5}).*[aeiouy]", re.IGNORECASE)
_CHANGE = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_APART = re.compile(r"(?<![A-Za-z0-9])\d{1,4}(?![A-Za-z0-9])")
"""A short number between separators, as in a date or a version."""

_STAND_IN = re.compile(r"<(?:key|token|id|name|text|jwt):\d{1,9}>")
"""It reads like a name with its value; in no form of a secret a quotation mark is a part of the value."""
_USER_INFO = "user info of a URL"
_SHORTEST_SECRET = 4
"""Characters of what stands behind a name or a scheme; a cause says `token: no`, and a word of three is in every text."""


@dataclass(frozen=True)
class Suspect:
    """A part of a text that may not be written."""

    kind: str
    start: int
    end: int
    text: str


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PATTERNS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("a JWT", re.compile(r"(?<![A-Za-z0-9_-])e[wy][A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4}|eyJ[A-Za-z0-9_=-]{6,}"), 0),
    ("an e-mail address", re.compile(r"[^\s@\"'<>(),;:/]{1,100}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), 0),
    ("an API key", _whole(rf"(?<![a-z0-9])(?:{PREFIXES}|mock|eyj)[-_][a-z0-9_-]{{6,}}"), 0),
    ("an API key", _whole(r"(?<![a-z0-9])(?:api|key|secret|token)[-_]?(?=[a-z0-9_-]*\d)(?=[a-z0-9_-]*[a-z])[a-z0-9_-]{10,}"), 0),
    ("an API key", re.compile(rf"(?<![A-Za-z0-9])(?:{CLOUDS})[A-Za-z0-9_-]{{8,}}"), 0),
    ("a long number", re.compile(r"(?<![A-Za-z0-9-])\d{9,}(?![A-Za-z0-9-])"), 0),
    ("an id", _whole(r"(?<![a-z0-9])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![a-z0-9])"), 0),
)


def suspects(text: str, public: AbstractSet[str]) -> Iterator[Suspect]:
    """Yield what may not be written of a text, each part of it once, from left to right; `public` words may."""
    end = 0
    for suspect in sorted(_all(text), key=lambda found: (found.start, -found.end)):
        if suspect.start >= end and suspect.text not in public and read_stand_in(suspect.text) is None:
            end = suspect.end
            yield suspect


def replace(text: str, public: AbstractSet[str], stand_in: Callable[[Suspect], str]) -> str:
    """Return a text with what stands for each suspect part of it."""
    parts, end = [], 0
    for suspect in suspects(text, public):
        parts += [text[end : suspect.start], stand_in(suspect)]
        end = suspect.end
    return "".join([*parts, text[end:]])


def looks_random(run: str) -> bool:
    """Tell whether a run of letters and digits is made of anything but words."""
    bare = _APART.sub("", run)
    signs, pieces = sum(sign.isalnum() for sign in bare), _PIECE.findall(bare)
    words = sum(len(piece) for piece in pieces if len(piece) >= _SHORTEST_WORD and _WORD.match(piece))
    short = sum(map(len, pieces)) < _MEAN_WORD * len(pieces)
    return signs > 0 and (short or words < _WORDLIKE * signs or len(_CHANGE.findall(bare)) >= _MIXED)


def _all(text: str) -> Iterator[Suspect]:
    for secret in secrets(_STAND_IN.sub(lambda found: '"' * len(found[0]), text)):
        end = secret.end + (secret.kind == _USER_INFO)  # what stays is a URL without `@`
        if end - secret.start >= _SHORTEST_SECRET:
            yield Suspect(secret.kind, secret.start, end, text[secret.start : end])
    for kind, pattern, group in _PATTERNS:
        for found in pattern.finditer(text):
            yield Suspect(kind, found.start(group), found.end(group), found[group])
    for found in _RUN.finditer(text):
        if looks_random(found[0]):
            yield Suspect("a random text", found.start(), found.end(), found[0])
