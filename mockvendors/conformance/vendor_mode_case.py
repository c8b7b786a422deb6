"""Which cases can be recorded and replayed, what their cassettes are called, and what they ask of a mock."""

import re
from typing import Any

import pytest

from mockvendors.cassettes.naming import LONGEST, numbered
from mockvendors.conformance.known import case_id
from mockvendors.conformance.vendor_mode import NO_ROOM
from mockvendors.conformance.verdict import NotVerified

_OF_A_CASE = re.compile(r"[A-Za-z0-9-]+\.[A-Za-z0-9-]*\.[A-Za-z0-9-]+.*\.yaml")


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


def is_of_a_case(cassette: str) -> bool:
    """Tell whether a file's name is that of a case's cassette (file, class, function), and not of a client's or a test's."""
    return _OF_A_CASE.match(cassette) is not None


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


def asked(tenant: Any, item: pytest.Item) -> str:
    """Return what the case asked of the mock, without which a mock answers something else."""
    usual = {name: setting.default for name, setting in tenant.contract.settings.items()}
    usual |= {**item.cls.traits.settings, "avatars": "none"}  # type: ignore[attr-defined]  # as in MockMode
    turned = [f"{name}={value}" for name, value in tenant.settings.items() if value != usual[name]]
    tables = ["another table"] if tenant.tables != tenant.contract.tables else []
    return "; ".join([*(str(fault) for fault in tenant.faults), *turned, *tables])


def recorded_otherwise(tenant: Any, item: pytest.Item, recorded: str, *, at_end: bool) -> str | None:
    """Say that a case asks for something else of its mock than when it was recorded; None where it does not.

    Before its end it may have more to ask for, once it has asked for anything at all.
    """
    now = asked(tenant, item)
    is_begun = bool(now) and all(f"; {part}; " in f"; {recorded}; " for part in now.split("; "))
    if now == recorded or (is_begun and not at_end):
        return None
    told = f"recorded with {recorded or 'nothing asked of the mock'}, and asks for {now or 'nothing'} now"
    return f"{told}: record it again, with all that is asked for before the first request"
