"""The lists of known failures of one run: which file holds for a suite, and which entry for a case."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from mockvendors.conformance import expectations
from mockvendors.conformance.expectations import Expectation
from mockvendors.conformance.implementation import named
from mockvendors.conformance.scene import scene
from mockvendors.conformance.verdict import RuleBroken


def case_id(item: pytest.Item) -> str:
    """Return a case's id below its suite: file, class, function and parameters, wherever the suite lies."""
    return f"{item.path.name}::{item.nodeid.partition('::')[2]}"


class Known:
    """What is listed, read once a file."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._read: dict[Path, tuple[Expectation, ...]] = {}

    def path(self, traits: Any) -> Path | None:
        """Return the file that holds for a suite: the given one, or the suite's own for the published plugin."""
        given: Path | None = self._config.getoption("--expectations")
        own = traits.description.with_name("expected") / (named(self._config, traits).replace(".", "-") + ".toml")
        return given or (own if own.is_file() else None)

    def of(self, traits: Any) -> tuple[Expectation, ...]:
        """Return the entries that hold for a suite. Raises UsageFault."""
        path = self.path(traits)
        if path is None:
            return ()
        if path not in self._read:
            self._read[path] = expectations.load(path)
        return self._read[path]

    def check_rules(self, suites: Iterable[Any]) -> None:
        """Raise UsageFault where an entry names a rule that none of the suites' contracts holds; one file may serve several."""
        from mockvendors.contract import Contract, core_rules

        by_path: dict[Path, set[str]] = {}
        for traits in suites:
            path = self.path(traits)
            if path is not None and any(entry.rule for entry in self.of(traits)):
                by_path.setdefault(path, set(core_rules())).update(Contract.load(traits.vendor).rules)
        for path, rules in by_path.items():
            expectations.check_rules(path, self._read[path], rules)

    def listed(self, item: pytest.Item) -> Expectation | None:
        """Return the entry that lists this case, for the version that was judged."""
        case, version = case_id(item), scene(item).version
        entries = self.of(item.cls.traits)  # type: ignore[attr-defined]  # a case is a method of a class with traits
        return next((entry for entry in entries if entry.matches(case) and entry.applies_to(version)), None)


def means(listed: Expectation, exc: BaseException | None) -> bool:
    """Tell whether a listed failure is this one: another rule that the same case breaks is not excused."""
    return listed.rule is None or not isinstance(exc, RuleBroken) or str(exc).startswith(f"{listed.rule}:")
