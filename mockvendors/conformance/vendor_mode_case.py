"""Which cases can be recorded and replayed, and what their cassettes are called."""

import hashlib
import re

import pytest

from mockvendors.conformance.known import case_id
from mockvendors.conformance.verdict import NotVerified

LONGEST = 66
"""Characters of a cassette's name, which with its ending may have 80."""
DIGITS = 6
_UNFIT = re.compile(r"[^A-Za-z0-9]+")


def cassette_name(case: str) -> str:
    """Return the name of a case's cassette: its id below the suite, in characters that any file system takes.

    Where that loses something, digits of a hash keep two cases apart.
    """
    plain = case.replace(".py::", "-").replace("::", "-").replace("test_", "").replace("-Test", "-")
    name = _UNFIT.sub("-", plain).strip("-")
    if name == re.sub(r"[_\[\]]", "-", plain).strip("-") and len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - DIGITS - 1].rstrip('-')}-{hashlib.sha256(case.encode()).hexdigest()[:DIGITS]}"


def fit(item: pytest.Item) -> str:
    """Return the name of a case's cassette. Raises NotVerified for a case that has none."""
    asked = getattr(item, "fixturenames", ())
    if "room" in asked or "livekit" in asked:
        raise NotVerified("a case with a room is neither recorded nor replayed")
    if "drive" not in asked:
        raise NotVerified("a case that asks the mock vendor itself, and no plugin, is neither recorded nor replayed")
    live = item.get_closest_marker("live")
    if live is not None:
        raise NotVerified(f"not recorded: {live.args[0]}")
    return cassette_name(case_id(item))
