"""`check`: compares what was seen with what a rule allows, and writes the text that alone says what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mockvendors.conformance.allowed import Between, Holds, OneOf
from mockvendors.conformance.verdict import RuleBroken
from mockvendors.contract.rules import Rule

SHOWN = 1500  # characters of an actual value


@dataclass
class Check:
    """The fixture `check`. `rules` finds a rule by its id, `journal` tells what the mock saw, `reproduce` is a command."""

    rules: Callable[[str], Rule]
    journal: Callable[[], str]
    reproduce: str
    warnings: list[str] = field(default_factory=list)

    def __call__(self, rule: str, actual: Any, expected: Any, why: str = "") -> None:
        """Hold `actual` against `expected` (a value, or one of OneOf, Between, Holds).

        Raises RuleBroken; a rule of level `assumed` only warns, since a plugin is never failed on an assumption alone.
        """
        fits = (
            expected.holds(actual)
            if isinstance(expected, OneOf | Between | Holds)
            else (type(actual) is type(expected) or not isinstance(actual, bool)) and actual == expected
        )
        if fits:
            return
        text = self._text(self.rules(rule), actual, expected, why)
        if self.rules(rule).level == "assumed":
            self.warnings.append(text)
            return
        raise RuleBroken(text)

    def _text(self, rule: Rule, actual: Any, expected: Any, why: str) -> str:
        wanted = str(expected) if isinstance(expected, OneOf | Between | Holds) else repr(expected)
        lines = [
            f"{rule.id}: {rule.text}",
            f"  evidence:  {rule.level}, {rule.source}",
            *([f"  seen:      {why}"] if why else []),
            f"  expected:  {wanted}",
            f"  actual:    {_short(actual)}",
            self.context(),
        ]
        return "\n".join(lines)

    def context(self) -> str:
        """Return what every failure prints: the journal, and the command that repeats the case."""
        journal = self.journal().strip() or "(the mock vendor saw no request)"
        return "\n".join(["  journal:", *(f"    {line}" for line in journal.splitlines()), f"  reproduce: {self.reproduce}"])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + f"… ({len(text)} characters)"
