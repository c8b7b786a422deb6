"""Which cases can be recorded and replayed, and what their cassettes are called."""

import re

import pytest

from mockvendors.cassettes.naming import LONGEST, numbered
from mockvendors.conformance.known import case_id
from mockvendors.conformance.vendor_mode import NO_ROOM
from mockvendors.conformance.verdict import NotVerified


def cassette_name(case: str) -> str:
    """Return the name of a case's cassette: its id below the suite, in characters that any file system takes.

    Where more is lost than signs between words, a number made of the id keeps two cases apart.
    """
    test, _, parameters = case.replace(".py::", ".").replace("::", ".").removesuffix("]").partition("[")
    test = re.sub(r"[^A-Za-z0-9.]+", "-", test.replace("test_", "").replace(".Test", "."))
    given = re.sub(r"[^A-Za-z0-9]+", ".", parameters).strip(".")
    name = f"{test}.{given}" if given else test
    if re.fullmatch(r"[A-Za-z0-9_.-]*", parameters) and len(name) <= LONGEST:
        return name
    return numbered(name, case)


def fit(item: pytest.Item) -> str:
    """Return the name of a case's cassette. Raises NotVerified for a case that has none."""
    asked = getattr(item, "fixturenames", ())
    if "room" in asked or "livekit" in asked:
        raise NotVerified(NO_ROOM)
    if "drive" not in asked:
        raise NotVerified("a case that asks the mock vendor itself, and no plugin, is neither recorded nor replayed")
    live = item.get_closest_marker("live")
    if live is not None:
        raise NotVerified(f"not recorded: {live.args[0]}")
    return cassette_name(case_id(item))
