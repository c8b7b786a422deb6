"""What a request carries as its credential."""

import binascii
import re
from collections.abc import Iterator

from mockvendors.redact.forms import without_scheme

_SHORTEST = 6
"""Characters: a shorter word under a secret's name (`Bearer none`) is a word of everybody's, and would go from every text."""
_PARTS = re.compile(r"[^\s;,=\"]+")
_COOKIE = "cookie"


def carried(name: str, value: str) -> Iterator[str]:
    """Yield the secrets in the value of a secret header: the whole of it without its scheme, and each part that stands alone.

    JWTs are left out: they are told by their form wherever they stand.
    """
    secret = without_scheme(value).strip()
    parts = [found.partition("=")[2] for found in value.split(";")] if name.lower().endswith(_COOKIE) else _PARTS.findall(secret)
    for part in dict.fromkeys([secret, *parts, *_decoded(value)]):
        if len(part) >= _SHORTEST and not part.startswith(("eyJ", "ewo")):
            yield part


def _decoded(value: str) -> list[str]:
    """Return user and password of the scheme Basic."""
    scheme, _, secret = value.partition(" ")
    if scheme.lower() != "basic":
        return []
    try:
        return binascii.a2b_base64(secret).decode().partition(":")[::2]  # type: ignore[return-value]  # a pair will do
    except ValueError:
        return []
