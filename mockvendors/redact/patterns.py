"""How a secret is told inside of a text: by its form, or by the name that it stands under.

Each pattern takes time in proportion to the text: a body of a megabyte that was made to be slow is none of a problem.
"""

import re
from collections.abc import Mapping

from mockvendors.redact.tokens import claims, fingerprint, short

_NAMES = (
    r"api[-_ ]?key|(?:access|private|signing|encryption|subscription)[-_]?key|secret|passw(?:or)?d|passphrase|token|credential"
    r"|authorization|cookie|signature|(?<![a-z0-9])(?:auth|jwt|key|pwd|sig)(?![a-z0-9])"
)
_NAME = re.compile(_NAMES, re.IGNORECASE)
_MARK = r"\\*[\"']"
"""A quotation mark, escaped as often as texts are nested."""
_SHOWN = r"(?!(?<=key|jwt):[0-9a-f]{8}(?!\w))"
"""What stands for a secret already is no name with its value."""

_WORD = re.compile(r"[\w-]*\Z", re.ASCII)
_DOTTED = re.compile(r"[\w.-]+", re.ASCII)
_WHITE_JWT = re.compile(r"(?<![\w-])e[wy][\w-]{6,}+\.e[wy][\w-]{6,}+\.[\w-]*", re.ASCII)
"""A JWT whose parts begin with white space, in JSON."""
_MINTED = re.compile(r"mock_[\w-]{32}", re.ASCII)
"""A key of any tenant that was minted here."""
_USER_INFO = re.compile(r"(?<=[/\\]/)[^/\s\"'?#\\]+(?=@)")
_SCHEME = re.compile(
    r"\b(Bearer|Basic(?![\s+]+(?-i:[a-z]+)(?![\w+/=-])))([ \t+]+)"
    r"(?!(?:tokens?|auth\w*|scheme|header|key)(?![\w-])|<)([^\s\"',;\\]+)"
    r"|\b(Token)([ \t+]+)(?=[a-z_-]*\d)([\w.~/+=-]{8,})",
    re.IGNORECASE,
)
"""A word alone, such as in `the token expired`, is no credential."""
_SCHEMES = frozenset({"bearer", "basic", "token", "digest"})
_LINE = re.compile(rf"(?i)((?:authorization|cookie)\s{{0,9}}[:=]\s{{0,9}})(?!{_MARK})([^\r\n\"'\\]+)")
"""A whole header in a text."""
_ASSIGNED = re.compile(
    rf"(?is)((?:{_NAMES})[\w-]{{0,40}}{_SHOWN}(?:{_MARK})?\s{{0,9}}[=:]\s{{0,9}})"
    rf"(?:({_MARK})((?:(?!\2)(?:\\.|.))+)|(?!(?:Bearer|Basic|Token|Digest)\s)([^\s\"'&,;}}\\]+))"
)


def is_secret(name: str) -> bool:
    """Tell whether what stands under this name is a secret."""
    return _NAME.search(name) is not None


def is_word(text: str) -> bool:
    """Tell whether a text is one word, in which no pattern but that of a minted key finds anything."""
    return _WORD.match(text) is not None


def without_minted(text: str) -> str:
    """Return a text without keys that were minted here, whoever's they are."""
    return _MINTED.sub(lambda found: fingerprint(found[0]), text) if "mock_" in text else text


def without_credentials(text: str) -> str:
    """Return a text without JWTs, keys that were minted here, user info of URLs, and credentials with their scheme."""
    if "." in text:
        text = _without_jwts(text)
    text = without_minted(text)
    if "@" in text:
        text = _USER_INFO.sub(lambda found: short(found[0]), text)
    return _SCHEME.sub(_credential, text)


def without_named(text: str) -> str:
    """Return a text without what is assigned to a secret's name, as in `apiKey=...` or `"apiKey": "..."`."""
    if "=" not in text and ":" not in text:
        return text
    text = _LINE.sub(lambda found: found[1] + header(found[2], {}), text)
    return _ASSIGNED.sub(lambda found: found[1] + (found[2] or "") + short(found[3] or found[4]), text)


def header(value: str, known: Mapping[str, str]) -> str:
    """Return what stands for the value of a secret header; its scheme stays. `known` has what stands for known secrets."""
    scheme, space, secret = value.partition(" ")
    if space and scheme.lower() in _SCHEMES:
        secret = secret.strip()
        return f"{scheme} {known.get(secret) or short(secret)}"
    return known.get(value) or short(value)


def _credential(found: re.Match[str]) -> str:
    scheme, space, secret = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
    return scheme + space + short(secret)


def _without_jwts(text: str) -> str:
    if "eyJ" in text:
        text = _DOTTED.sub(_run, text)
    return _WHITE_JWT.sub(lambda found: found[0] if claims(found[0]) is None else short(found[0]), text)


def _run(found: re.Match[str]) -> str:
    """Return a run of letters and dots without the JWT in it: from its head on, to the end of the run."""
    run = found[0]
    start = run.find("eyJ")
    token = run[start:].rstrip(".")
    if start < 0 or "." not in token:
        return run
    return run[:start] + short(token) + run[start + len(token) :]
