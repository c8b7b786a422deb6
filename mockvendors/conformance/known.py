"""The lists of known failures of one run: which file holds for a suite, and which entry for a case."""

import platform
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import pytest

from mockvendors.conformance import expectations
from mockvendors.conformance.expectations import Expectation
from mockvendors.conformance.expectations_when import normal
from mockvendors.conformance.implementation import case_name, named, of_case
from mockvendors.conformance.scene import scene
from mockvendors.conformance.verdict import EXCUSABLE, RuleBroken, Verdict
from mockvendors.implementations.implementation import Implementation


def case_id(item: pytest.Item) -> str:
    """Return a case's id below its suite: file, class, function and parameters, wherever the suite lies."""
    return f"{item.path.name}::{case_name(item).partition('::')[2]}"


class Known:
    """What is listed, read once a file."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._read: dict[Path, tuple[Expectation, ...]] = {}

    def path(self, traits: Any, who: Implementation) -> Path | None:
        """Return the file that holds for a suite: the given one, or the suite's own for a published plugin."""
        given: Path | None = self._config.getoption("--expectations")
        own = traits.description.with_name("expected") / f"{who.known_as}.toml"
        return given or (own if who.known_as and own.is_file() else None)

    def of(self, traits: Any, who: Implementation) -> tuple[Expectation, ...]:
        """Return the entries that hold for a suite and an implementation. Raises UsageFault."""
        path = self.path(traits, who)
        if path is None:
            return ()
        if path not in self._read:
            self._read[path] = expectations.load(path)
        return self._read[path]

    def check_rules(self, suites: Iterable[Any]) -> None:
        """Raise UsageFault where an entry names a rule that none of the suites' contracts holds; one file may serve several."""
        from mockvendors.contract import Contract, core_rules

        by_path: dict[Path, set[str]] = {}
        for traits, who in ((suite, who) for suite in suites for who in named(self._config, suite)):
            path = self.path(traits, who)
            if path is not None and any(entry.rule for entry in self.of(traits, who)):
                by_path.setdefault(path, set(core_rules())).update(Contract.load(traits.vendor).rules)
        for path, rules in by_path.items():
            expectations.check_rules(path, self._read[path], rules)

    def beside(self, item: pytest.Item) -> list[str]:
        """Return the other implementations of the run that this case's list holds for: a suite's own is for one plugin."""
        traits, who = item.cls.traits, of_case(item)  # type: ignore[attr-defined]  # a case is a method of a class with traits
        path = self.path(traits, who)
        return [each.text for each in named(self._config, traits) if each.text != who.text and self.path(traits, each) == path]

    def elsewhere(self, traits: Any) -> dict[str, int]:
        """Return a note for each implementation that entries are bound to and the run does not name; no exit code."""
        run = named(self._config, traits)
        here = {normal(who.text) for who in run}
        bound: dict[tuple[Path, str], int] = {}
        for path, entries in {self.path(traits, who): self.of(traits, who) for who in run}.items():
            for text in [value for entry in entries for name, value in entry.when if name == "implementation"]:
                if path is not None and normal(text) not in here:
                    bound[path, text] = bound.get((path, text), 0) + 1
        judged = " and ".join(who.text for who in run)
        return {
            f"{path} binds {number} {'entry' if number == 1 else 'entries'} to {text}, which this run did not name: "
            f"it judged {judged}": 0
            for (path, text), number in bound.items()
        }

    def listed(self, item: pytest.Item) -> tuple[Expectation, ...]:
        """Return the entries that list this case, for the version that was judged."""
        case, version, here = case_id(item), scene(item).version, circumstances(item)
        entries = self.of(item.cls.traits, of_case(item))  # type: ignore[attr-defined]  # a case is a method of a class with traits
        return tuple(entry for entry in entries if entry.matches(case) and entry.applies_to(version, here))


def circumstances(item: pytest.Item) -> dict[str, str]:
    """Return what an entry's `when` is held against."""
    driver, who = scene(item).driver, of_case(item).text
    framework = driver.hello.framework if driver is not None and driver.hello is not None else ""
    return {"os": platform.system().lower(), "kind": who.partition(":")[0], "framework": framework, "implementation": who}


def excusing(listed: Iterable[Expectation], said: Verdict, broken: Collection[str | None]) -> tuple[Expectation, ...]:
    """Return the entries that mean what a case said: each excuses its own outcome of its own rule, or of any if it names none.

    `broken` are the rules that the case broke; None stands for one that nobody knows.
    """
    return tuple(entry for entry in listed if entry.outcome is said and (entry.rule is None or entry.rule in broken))


def with_list(listed: Collection[Expectation], said: Verdict, broken: Collection[str | None]) -> Verdict:
    """Return a case's verdict after the list: expected where each rule that it broke is excused, stale where none listed came."""
    rules = {entry.rule for entry in excusing(listed, said, broken)}
    if said in EXCUSABLE and (None in rules or (rules and rules >= set(broken))):
        return Verdict.EXPECTED
    if listed and not rules and said in {Verdict.PASS, Verdict.WARN}:
        return Verdict.STALE
    return said


def broken_rules(said: Verdict, exc: BaseException | None, warnings: Iterable[str], rule: str | None) -> set[str | None]:
    """Return the rules that a case broke: those that its texts name, else the one that it is marked with."""
    if said is Verdict.PASS:
        return set()
    if said is Verdict.WARN:
        return {text.partition(":")[0] for text in warnings}
    return {str(exc).partition(":")[0] if isinstance(exc, RuleBroken) else rule}
