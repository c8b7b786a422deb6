"""Options of a suite for which somebody gives values of his own account at the vendor, and how a replay reads them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from mockvendors.cassettes.dress import SHORTEST
from mockvendors.cassettes.format import AGAIN
from mockvendors.cassettes.header import NAME
from mockvendors.cassettes.own_options import OPTION, Exchange, parse_options
from mockvendors.cassettes.recording import Recording
from mockvendors.cassettes.scrub import Scrubber
from mockvendors.cassettes.standins import read_stand_in
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault

_IDS = frozenset({"uuid", "id"})
"""Kinds of stand-ins that a value of an account may have."""


def own_options(texts: Iterable[str], suites: Collection[Any]) -> dict[str, str]:
    """Return what `--record-option` gives to these suites (their traits). Raises UsageFault, which never tells a value."""
    given = parse_options(texts)
    known = sorted({name for traits in suites for name in traits.of_account})
    for name, value in given.items():
        if name not in known:
            told = ", ".join(sorted({traits.vendor for traits in suites}))
            remedy = f"Known: {', '.join(known)}" if known else "The suite sends nothing that belongs to an account"
            raise UsageFault(f"{OPTION} {name}: the suite of {told} sends no such value of an account", remedy)
        for traits in suites:
            _check(name, value, Scrubber(Contract.load(traits.vendor)))
    return given


def _check(name: str, value: str, scrubber: Scrubber) -> None:
    """Refuse a value that a recording would not hide, or that could not be found again in it."""
    if len(value) < SHORTEST:
        raise UsageFault(f"{OPTION} {name}: the value has fewer than {SHORTEST} characters", "Give the whole id")
    stand_in = read_stand_in(scrubber.stand_in(value))
    if read_stand_in(value) is not None or stand_in is None or stand_in.kind not in _IDS:
        told = "the value is public, a token or a stand-in, and no id of an account's own"
        raise UsageFault(f"{OPTION} {name}: {told}", "Give an id that the vendor shows for your account")


def suites_value(options: Mapping[str, str], traits: Any) -> Exchange:
    """Return what makes of a request with these values one with the suite's."""
    return Exchange({value: traits.options[name] for name, value in options.items()})


def check_replaced(recording: Recording, traits: Any) -> None:
    """Raise UsageFault for a recording with the value of an option that the suite has no more."""
    for name, stand_in in recording.header.stand_ins.items():
        found = read_stand_in(stand_in)
        if name not in traits.options or found is None or found.kind not in _IDS:
            raise UsageFault(
                f"{recording.folder / NAME}: says of the option {name!r} what does not fit the suite of {traits.vendor}", AGAIN
            )


def as_recorded(recording: Recording, traits: Any) -> Exchange:
    """Return what makes of recorded requests such as the suite sends."""
    return Exchange({stand_in: traits.options[name] for name, stand_in in recording.header.stand_ins.items()})
