"""What a contract says of states that no mock can know (`x-states`): how a recorded answer tells them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from mockvendors.contract import Contract
from mockvendors.errors import UsageFault

NAME = "x-states"


class Stranger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An id of the vendor's that is in no table of ours."""

    table: str
    """The table in which it would be."""
    unknown: str
    """The rule that refuses an id which nobody has."""
    like: tuple[str, ...]
    """Rows of the table that it may be like, one of each kind; the first is tried first."""


class _Raw(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refusals: dict[str, dict[str, Any]] = {}
    passing: tuple[str, ...] = ()
    strangers: dict[str, Stranger] = {}


@dataclass(frozen=True)
class States:
    """The states of one contract."""

    refusals: Mapping[str, Mapping[str, Any]]
    """Rules whose refusal tells a state and no fault of the request; the settings under which the mock refuses alike."""
    passing: frozenset[str]
    """Those of them that end by themselves, at a time that no recording tells."""
    strangers: Mapping[str, Stranger]
    """By the name of the field that holds the id."""

    @classmethod
    def of(cls, contract: Contract) -> "States":
        """Return the states of a contract; a UsageFault names what is wrong with them."""
        place = f"{contract.vendor}/contract.yaml: {NAME}"
        try:
            raw = msgspec.convert(contract.raw.get(NAME, {}), _Raw)
        except msgspec.ValidationError as error:
            raise UsageFault(f"{place}: {error}", "See docs/drift.md") from error
        for rule, settings in raw.refusals.items():
            _check_refusal(contract, rule, settings, place)
        if strange := sorted(set(raw.passing) - set(raw.refusals)):
            raise UsageFault(f"{place}: {strange[0]} is passing, and no refusal", "Add it to `refusals`")
        for field, stranger in raw.strangers.items():
            if stranger.unknown not in raw.refusals:
                raise UsageFault(f"{place}: {field} is refused by {stranger.unknown}, which is no refusal there", "Correct it")
            rows = contract.tables.get(stranger.table, {})
            if not stranger.like or any(row not in rows for row in stranger.like):
                raise UsageFault(f"{place}: {field} is like a row that x-tables.{stranger.table} does not have", "Correct it")
        return cls(raw.refusals, frozenset(raw.passing), raw.strangers)

    @property
    def account(self) -> frozenset[str]:
        """Those of the rules whose refusal tells of the account or of the vendor, and of no id."""
        unknown = {stranger.unknown for stranger in self.strangers.values()}
        return frozenset(rule for rule, settings in self.refusals.items() if settings and rule not in unknown)

    @property
    def settings(self) -> frozenset[str]:
        """Names of settings that a recorded answer decides."""
        return frozenset(name for settings in self.refusals.values() for name in settings)


def _check_refusal(contract: Contract, rule: str, settings: Mapping[str, Any], place: str) -> None:
    if rule not in contract.rules or contract.rules[rule].status is None:
        raise UsageFault(f"{place}: {rule} is no rule that is answered with a status", "Correct it")
    for name, value in settings.items():
        if name not in contract.settings:
            raise UsageFault(f"{place}: {rule} needs the unknown setting {name}", "Correct it")
        contract.settings[name].accept(value)
