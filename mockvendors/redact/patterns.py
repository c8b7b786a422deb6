"""Taking secrets out of a text that stays readable: what `forms.py` tells, and JWTs and keys in the forms that suit logs.

What only cassettes take out (mail addresses, ids, long numbers, whatever looks random) stays here on purpose: it is somebody's
own and no secret, and without it nobody finds a request in a journal again.
"""

import re
from collections.abc import Mapping

from mockvendors.redact.forms import ASSIGNED, CLOUDS, LINE, NAMES, PREFIXES, PRIVATE_KEY, SCHEME, SCHEMES, USER_INFO
from mockvendors.redact.tokens import claims, fingerprint, short

_NAME = re.compile(NAMES, re.IGNORECASE)
_WORD = re.compile(r"[\w-]*\Z", re.ASCII)
_DOTTED = re.compile(r"[\w.-]+", re.ASCII)
_WHITE_JWT = re.compile(r"(?<![\w-])e[wy][\w-]{6,}+\.e[wy][\w-]{6,}+\.[\w-]*", re.ASCII)
"""A JWT whose parts begin with white space, in JSON. Cassettes take whatever begins so and has a dot: a host may, and a log is
to show hosts."""
_MINTED = re.compile(r"mock_[\w-]{32}", re.ASCII)
"""A key of any tenant that was minted here."""
_KEY = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:{PREFIXES})[-_](?=[\w-]{{0,80}}\d)[\w-]{{16,}}|(?:{CLOUDS})[\w-]{{12,}})", re.ASCII | re.IGNORECASE
)
"""A key of another service. It is long and has a digit: cassettes take shorter ones and words, such as `hf-models`, which are
nothing to hide here."""


def is_secret(name: str) -> bool:
    """Tell whether what stands under this name is a secret."""
    return _NAME.search(name) is not None


def is_word(text: str) -> bool:
    """Tell whether a text is one word, in which no pattern but those of keys finds anything."""
    return _WORD.match(text) is not None


def without_keys(text: str) -> str:
    """Return a text without keys that were minted here, whoever's they are, and without those of other services."""
    text = _MINTED.sub(lambda found: fingerprint(found[0]), text) if "mock_" in text else text
    return _KEY.sub(lambda found: short(found[0]), text)


def without_credentials(text: str) -> str:
    """Return a text without JWTs, private keys, API keys, user info of URLs, and credentials with their scheme."""
    if "." in text:
        text = _without_jwts(text)
    if "-----BEGIN" in text:
        text = PRIVATE_KEY.sub(lambda found: short(found[0]), text)
    text = without_keys(text)
    if "@" in text:
        text = USER_INFO.sub(lambda found: short(found[0]), text)
    return SCHEME.sub(_credential, text)


def without_named(text: str) -> str:
    """Return a text without what is assigned to a secret's name, as in `apiKey=...` or `"apiKey": "..."`."""
    if "=" not in text and ":" not in text:
        return text
    text = LINE.sub(lambda found: found[1] + header(found[2], {}), text)
    return ASSIGNED.sub(lambda found: found[1] + (found[2] or "") + short(found[3] or found[4]), text)


def header(value: str, known: Mapping[str, str]) -> str:
    """Return what stands for the value of a secret header; its scheme stays. `known` has what stands for known secrets."""
    scheme, space, secret = value.partition(" ")
    if space and scheme.lower() in SCHEMES:
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
