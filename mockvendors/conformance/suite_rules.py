"""The names that a suite gives, read before anything runs: a rule or a capability with a typo would be one that nobody has.

A mark names it, or a case's source does; a case that is deselected, or that nobody claims, is read too.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import pytest

from mockvendors.conformance.implementation import case_name
from mockvendors.conformance.suite_source import in_source
from mockvendors.contract import Contract, core_rules
from mockvendors.errors import UsageFault
from mockvendors.nearest import beside, near

TOLD = 5
"""Names that are told; the rest is counted."""
LISTED = "Correct them; `mockvendors contract {vendor}` and `mockvendors contract core` list them"
OWN_CLAIM = "Correct it, or name it in Traits.capabilities where it is the suite's own (docs/add-a-vendor.md)"


def hold(cases: Iterable[pytest.Item]) -> None:
    """Raise UsageFault for a rule that no contract holds, or a capability that nobody can claim."""
    by_traits: dict[int, list[pytest.Item]] = {}
    for case in cases:
        by_traits.setdefault(id(case.cls.traits), []).append(case)  # type: ignore[attr-defined]  # a case is a method of a class
    for group in by_traits.values():
        traits: Any = group[0].cls.traits  # type: ignore[attr-defined]  # as above
        vendor = traits.vendor
        known = {*Contract.load(vendor).rules, *core_rules()}
        _refuse(f"The cases of {vendor} name rules that no contract holds", _rules(group), known, LISTED.format(vendor=vendor))
        told = f"The cases of {vendor} need capabilities that no option, no case of mockvendors and no traits name"
        _refuse(told, _marks(group, "needs"), traits.claimable, OWN_CLAIM)


def _refuse(told: str, named: Iterable[tuple[str, str]], known: Collection[str], remedy: str) -> None:
    wrong: dict[str, str] = {}
    for name, where in named:
        if name not in known:
            wrong.setdefault(name, where)
    if not wrong:
        return
    lines = [f"{name!r} in {where}{beside(near(name, known))}" for name, where in list(wrong.items())[:TOLD]]
    more = f" and {len(wrong) - TOLD} more" if len(wrong) > TOLD else ""
    raise UsageFault(f"{told}: {', '.join(lines)}{more}", remedy)


def _rules(cases: Collection[pytest.Item]) -> Iterator[tuple[str, str]]:
    yield from _marks(cases, "rule")
    for path in dict.fromkeys(case.path for case in cases):
        yield from in_source(path)


def _marks(cases: Iterable[pytest.Item], kind: str) -> Iterator[tuple[str, str]]:
    for case in cases:
        for mark in case.iter_markers(kind):
            for name in mark.args:
                yield str(name), case_name(case).rpartition("/")[2]
