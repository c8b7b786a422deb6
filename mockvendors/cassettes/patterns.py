"""What looks like a secret, or like somebody's own, inside of a text."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from mockvendors.cassettes.standins import read_stand_in

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

_PREFIXES = r"sk|pk|rk|ghp|gho|ghs|ghu|glpat|xox[a-z]|hf|npm|pypi|lk|mock|eyj"
_NAMES = r"api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|secret|passw(?:or)?d|pwd|token|credentials?"


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
    ("a private key", re.compile(r"-----BEGIN [A-Z ]{0,40}-----[^-]*(?:-----END [A-Z ]{0,40}-----)?"), 0),
    ("user info of a URL", re.compile(r"(?<=//)[^/\s\"'<>?#@]*@"), 0),
    ("an e-mail address", re.compile(r"[^\s@\"'<>(),;:/]{1,100}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), 0),
    ("an API key", _whole(rf"(?<![a-z0-9])(?:{_PREFIXES})[-_][a-z0-9_-]{{6,}}"), 0),
    ("an API key", _whole(r"(?<![a-z0-9])(?:api|key|secret|token)[-_]?(?=[a-z0-9_-]*\d)(?=[a-z0-9_-]*[a-z])[a-z0-9_-]{10,}"), 0),
    ("an API key", re.compile(r"(?<![A-Za-z0-9])(?:AKIA|ASIA|AIza)[A-Za-z0-9_-]{8,}"), 0),
    ("a credential", _whole(r"\b(?:Bearer|Basic)\s+(?!<|token\b|auth|scheme\b|header\b|key\b)(\S{4,})"), 1),
    ("a named secret", _whole(rf"(?:{_NAMES})[\"']?\s{{0,9}}[=:]\s{{0,9}}[\"']?(?!<)([^\s\"',;<>&]{{4,}})"), 1),
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
    for kind, pattern, group in _PATTERNS:
        for found in pattern.finditer(text):
            yield Suspect(kind, found.start(group), found.end(group), found[group])
    for found in _RUN.finditer(text):
        if looks_random(found[0]):
            yield Suspect("a random text", found.start(), found.end(), found[0])
