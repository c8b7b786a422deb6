"""What a cassette may be called: in characters that any file system takes, and short enough for its endings."""

import hashlib
import re

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
"""What a reader takes for the name of a file or a folder of recordings."""
LONGEST = 66
"""Characters of a cassette's name, which with its ending may have 80."""
NUMBERS = 10_000


def plain_name(name: str) -> str:
    """Return a name as it is where it is plain; else what is left of it, and a number that keeps two names apart."""
    if PLAIN.fullmatch(name) and len(name) <= LONGEST:
        return name
    return numbered(re.sub(r"[^A-Za-z0-9._-]+", "-", name).lstrip("._-") or "test", name)


def numbered(name: str, whole: str) -> str:
    """Return a name that is cut, with a number made of the whole of which something is lost in it."""
    number = int.from_bytes(hashlib.sha256(whole.encode()).digest()) % NUMBERS
    return f"{name[: LONGEST - 5].rstrip('-.')}.{number:04}"
