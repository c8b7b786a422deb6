"""Forms by which a secret is told inside of a text: one source for logs, which go on without it, and for cassettes.

Here is what means the same in both. What one of them alone looks for stands with it: `patterns.py` beside this file (logs),
`cassettes/patterns.py` (what is recorded), each with the reason.

Each form takes time in proportion to the text: a body of a megabyte that was made to be slow is none of a problem.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAMES = (
    r"api[-_ ]?key|(?:access|private|signing|encryption|subscription)[-_ ]?key|secret|passw(?:or)?d|passphrase|token|credential"
    r"|authorization|cookie|signature|(?<![a-z0-9])(?:auth|jwt|key|pwd|sig)(?![a-z0-9])"
)
"""Names under which a secret stands, without regard to case."""
PREFIXES = r"sk|pk|rk|ghp|gho|ghs|ghu|glpat|xox[a-z]|hf|npm|pypi|lk"
"""With which the keys of many services begin, before `-` or `_`."""
CLOUDS = r"AKIA|ASIA|AIza"
"""With which those of clouds begin."""
SCHEMES = frozenset({"bearer", "basic", "token", "digest"})

_MARK = r"\\*[\"']"
"""A quotation mark, escaped as often as texts are nested."""
_SHOWN = r"(?!(?<=key|jwt):[0-9a-f]{8}(?!\w))"
"""What stands for a secret already is no name with its value."""

PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]{0,40}-----[^-]*(?:-----END [A-Z ]{0,40}-----)?")
USER_INFO = re.compile(r"(?<=[/\\]/)[^/\s\"'?#\\]+(?=@)")
SCHEME = re.compile(
    r"\b(Bearer|Basic(?![\s+]+(?-i:[a-z]+)(?![\w+/=-])))([ \t+]+)"
    r"(?!(?:tokens?|auth\w*|scheme|header|key)(?![\w-])|<)([^\s\"',;\\]+)"
    r"|\b(Token)([ \t+]+)(?=[a-z_-]*\d)([\w.~/+=-]{8,})",
    re.IGNORECASE,
)
"""Scheme, space and credential, in groups 1 to 3 or 4 to 6. A word alone, as in `the token expired`, is no credential."""
LINE = re.compile(rf"(?i)((?:authorization|cookie)\s{{0,9}}[:=]\s{{0,9}})(?!{_MARK})([^\r\n\"'\\]+)")
"""A whole header in a text: its name, and its value in group 2."""
ASSIGNED = re.compile(
    rf"(?is)((?:{NAMES})[\w-]{{0,40}}{_SHOWN}(?:{_MARK})?\s{{0,9}}[=:]\s{{0,9}})"
    rf"(?:({_MARK})((?:(?!\2)(?:\\.|.))+)|(?!(?:Bearer|Basic|Token|Digest)\s)([^\s\"'&,;}}\\]+))"
)
"""What is assigned to a secret's name, in group 3 where it is quoted and 4 where it is not."""


@dataclass(frozen=True)
class Found:
    """A secret in a text."""

    kind: str
    start: int
    end: int
    text: str


def secrets(text: str) -> Iterator[Found]:
    """Yield what is a secret by these forms; parts may overlap, since one secret can have several."""
    for kind, pattern, groups in _FORMS:
        for found in pattern.finditer(text):
            group = next(number for number in groups if found[number] is not None)
            yield Found(kind, found.start(group), found.end(group), found[group])
    for found in LINE.finditer(text):
        start = found.start(2) + len(found[2]) - len(without_scheme(found[2]))
        yield Found("a header's value", start, found.end(2), text[start : found.end(2)])


def without_scheme(value: str) -> str:
    """Return the value of a header without the scheme of a credential."""
    scheme, space, rest = value.partition(" ")
    return rest if space and scheme.lower() in SCHEMES else value


_FORMS: tuple[tuple[str, re.Pattern[str], tuple[int, ...]], ...] = (
    ("a private key", PRIVATE_KEY, (0,)),
    ("user info of a URL", USER_INFO, (0,)),
    ("a credential", SCHEME, (3, 6)),
    ("a named secret", ASSIGNED, (3, 4)),
)
