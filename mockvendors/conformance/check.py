"""`check`: compares what was seen with what a rule allows, and writes the text that alone says what is wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mockvendors.conformance.allowed import Allowed
from mockvendors.conformance.verdict import RuleBroken
from mockvendors.contract.rules import Rule

SHOWN = 1500  # characters of an actual value
SOURCES = 2  # sources of a rule; the contract holds all
JOURNAL_LINES = 12  # the last ones: what the case was about


@dataclass
class Check:
    """The fixture `check`. `rules` finds a rule by its id, `journal` tells what the mock saw, `reproduce` is a command."""

    rules: Callable[[str], Rule]
    journal: Callable[[], str]
    reproduce: str
    secrets: set[str] = field(default_factory=set)
    """What no text of this case may show: the vendor's key, LiveKit's secret."""
    warnings: list[str] = field(default_factory=list)

    def __call__(self, rule: str, actual: Any, expected: Any, why: str = "") -> None:
        """Hold `actual` against `expected` (a value, or one of OneOf, Between, Holds).

        Raises RuleBroken; a rule of level `assumed` only warns, since a plugin is never failed on an assumption alone.
        """
        judged = self.rules(rule)
        fits = (
            expected.holds(actual)
            if isinstance(expected, Allowed)
            else (type(actual) is type(expected) or not isinstance(actual, bool)) and actual == expected
        )
        if fits:
            return
        text = self._text(judged, actual, expected, why)
        if judged.level == "assumed":
            self.warnings.append(text)
            return
        raise RuleBroken(text)

    def _text(self, rule: Rule, actual: Any, expected: Any, why: str) -> str:
        wanted = str(expected) if isinstance(expected, Allowed) else repr(expected)
        lines = [
            f"{rule.id}: {rule.text}",
            f"  evidence:  {rule.level}: {_sources(rule.source)}",
            *([f"  seen:      {why}"] if why else []),
            f"  expected:  {wanted}",
            f"  actual:    {_short(actual)}",
            self.context(),
        ]
        return "\n".join(lines)

    def ended(self, rule: str, expected: str, told: str) -> str:
        """Return the text of a case that judges `rule` and got no further: a hang or a death, `told` by who saw it."""
        first, *more = told.splitlines() or [""]
        judged = self.rules(rule)
        lines = [
            f"{judged.id}: {judged.text}",
            f"  evidence:  {judged.level}: {_sources(judged.source)}",
            f"  expected:  {expected}",
            f"  actual:    {first}",
            *(f"    {line.strip()}" for line in more),
            self.context(),
        ]
        return "\n".join(lines)

    def context(self) -> str:
        """Return what every failure prints: the journal, and the command that repeats the case."""
        journal = [line.strip() for line in self.journal().splitlines()] or ["(the mock vendor saw no request)"]
        left_out = len(journal) - JOURNAL_LINES
        shown = [f"({left_out} earlier)", *journal[left_out:]] if left_out > 0 else journal
        return "\n".join(["  journal:", *(f"    {line}" for line in shown), f"  reproduce: {self.reproduce}"])


def _sources(source: str) -> str:
    """Return the first sources of a rule, without the keys by which the contract names them."""
    all_of_them = [re.sub(r"^\[[^\]]+\] ", "", part) for part in re.split(r"; (?=\[)", source)]
    more = len(all_of_them) - SOURCES
    return "; ".join(all_of_them[:SOURCES]) + (f"; {more} more" if more > 0 else "")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + f"… ({len(text)} characters)"
