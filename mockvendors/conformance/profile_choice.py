"""The profiles of one run: which one holds for a suite, whether a case counts, and which of its rules no case judges."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest

from mockvendors.conformance import profile
from mockvendors.conformance.judge import Judgement
from mockvendors.conformance.profile import Profile
from mockvendors.conformance.selection import checked

BY_EVERY_START = frozenset({"core.start.succeeds", "core.start.answered"})
"""What `Drive.started` holds an implementation to in each case that starts it."""


class Profiles:
    """Read once a vendor; `--conformance-profile` names one, else it is the newest."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._chosen: dict[str, Profile] = {}
        self._unjudged: dict[str, tuple[str, ...]] = {}

    def of(self, traits: Any) -> Profile:
        """Return the profile that holds for a suite. Raises UsageFault."""
        if traits.vendor not in self._chosen:
            self._chosen[traits.vendor] = profile.choose(traits.vendor, self._config.getoption("--conformance-profile"))
        return self._chosen[traits.vendor]

    def begin(self, suites: Iterable[tuple[Any, Collection[pytest.Item]]]) -> None:
        """Choose the profiles of these suites, and look for rules that no case of theirs judges.

        Raises UsageFault for an unknown profile, and for one that names a rule which no contract holds: it is among those.
        """
        from mockvendors.contract import Contract, core_rules

        cases: dict[str, list[pytest.Item]] = {}
        for traits, items in suites:
            self.of(traits)
            cases.setdefault(traits.vendor, []).extend(items)
        for vendor, items in cases.items():
            self._unjudged[vendor] = left = unjudged(self._chosen[vendor], items)
            if left:  # a contract takes long to read
                profile.check_rules(self._chosen[vendor].name, left, {*core_rules(), *Contract.load(vendor).rules})

    def unjudged(self, traits: Any) -> tuple[str, ...]:
        """Return the rules of a suite's profile that none of its cases judges."""
        return self._unjudged.get(traits.vendor, ())

    def scores(self, item: pytest.Item, said: Judgement) -> bool:
        """Tell whether what a case said counts: its own rule, or one that it broke, is in the profile.

        A case of a scored rule that breaks a newer one has not come to its own: it counts.
        """
        return self.of(item.cls.traits).scores({*marked(item), *said.broken})  # type: ignore[attr-defined]  # a case is a method


def marked(item: pytest.Item) -> set[str]:
    """Return the rules that a case is there for."""
    return {str(name) for mark in item.iter_markers("rule") for name in mark.args}


def unjudged(chosen: Profile, items: Iterable[pytest.Item]) -> tuple[str, ...]:
    """Return the rules of a profile that none of these cases judges, by its mark or in passing."""
    left = set(chosen.rules)
    sources: dict[object, pytest.Item] = {}
    for item in items:
        left -= marked(item)
        if "drive" in getattr(item, "fixturenames", ()):
            left -= BY_EVERY_START
        sources.setdefault(item.function, item)  # type: ignore[attr-defined]  # a case is a function
    for item in sources.values():
        if not left:
            break
        left -= checked(item)
    return tuple(sorted(left))
