"""In which dress a value may stand in a text: encoded, escaped, in base64, or a part of it alone.

A text that stays in clear is looked at as everybody can read it, not as it happens to be written.
"""

import base64
import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from html import unescape
from urllib.parse import quote, unquote

SHORTEST = 6
"""Characters; what is shorter stands in other words by chance."""
PART = 8
"""Characters of a secret by which it is known again, where they have a digit: words of a passphrase are words of every text."""
_ROUNDS = 5
"""So often a text is decoded."""
_ALIGNMENTS = 3
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_BLANKS = dict.fromkeys("nrtbf", " ")
_RUN = re.compile(rf"[A-Za-z0-9_~.+/=%-]{{{PART},}}")
_DIGIT = re.compile(r"\d")


def views(text: str) -> list[str]:
    """Return a text, and what it says without its percent-encoding, escapes of JSON and entities of HTML, layer by layer."""
    found = [text]
    while len(found) <= _ROUNDS and any(sign in found[-1] for sign in "%\\&"):
        plain = _ESCAPE.sub(_unescaped, unescape(unquote(found[-1])))
        if plain == found[-1]:
            break
        found.append(plain)
    return [*found, *(view.replace("+", " ") for view in found if "+" in view)]


@cache
def variants(secret: str) -> frozenset[str]:
    """Return a secret as it may stand in a text, in lower case: as it is, percent-encoded, in base64 wherever it begins."""
    found = {secret, quote(secret, safe="")}
    for before in range(_ALIGNMENTS):
        raw = b"\0" * before + secret.encode(errors="surrogatepass")
        whole = len(raw) // _ALIGNMENTS * _ALIGNMENTS
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            core = encode(raw[:whole]).decode()[4 if before else 0 :]
            found |= {core} if len(core) >= SHORTEST else set()
    return frozenset(variant.casefold() for variant in found)


@lru_cache(maxsize=8)
def parts(secrets: frozenset[str]) -> frozenset[str]:
    """Return the parts of secrets by which they are known, in lower case."""
    return frozenset(part for secret in secrets for part in _parts(secret))


def runs_of(text: str, known: AbstractSet[str]) -> Iterable[re.Match[str]]:
    """Yield the runs of a text in which one of these parts stands."""
    return (run for run in _RUN.finditer(text) if known and any(part in known for part in _windows(run[0].casefold())))


@cache
def _parts(secret: str) -> frozenset[str]:
    return frozenset(part for part in _windows(secret.casefold()) if _RUN.fullmatch(part) and _DIGIT.search(part))


def _windows(text: str) -> Iterable[str]:
    return (text[start : start + PART] for start in range(len(text) - PART + 1))


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _BLANKS.get(found[2], found[2])
