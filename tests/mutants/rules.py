"""Which rules need a mutant of their own, and what is known of those that cannot have one."""

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from mockvendors.conformance.base import Cases
from mockvendors.conformance.selection import by_case
from mockvendors.contract import Contract, core_rules

from .judged import ROOT

VENDORS_OWN = {
    "anam.session.length": "the avatar leaves by the vendor's own clock",
    "anam.session.spend": "a case borrows its words for the refusal that anam.session.hard-limit judges",
    "anam.size.both-or-neither": "judged by raw HTTP: a plugin's half pair breaks core.size.half-pair-local before it is sent",
}
"""MUST rules that no plugin can break, so that no mutant is wrong in them."""


@dataclass(frozen=True)
class Implied:
    """A rule whose breach always breaks another: no mutant is caught by it alone."""

    by: frozenset[str]
    """What else the mutant that stands for it breaks, and nothing more."""
    why: str


IMPLIED = {
    "core.errors.family": Implied(
        frozenset({"core.errors.status-kept"}),
        "its cases and those of status-kept answer a start alike; an error with a status that is kept is an APIStatusError, "
        "which is of the family",
    ),
}


@cache
def named() -> dict[str, str]:
    """Return the rules that the cases of suites/anam name, each with one case that does."""
    modules = [importlib.import_module(f"suites.anam.{path.stem}") for path in sorted((ROOT / "suites/anam").glob("test_*.py"))]
    cases = (case for module in modules for cls in classes(module) for case in by_case(cls).items())
    return {rule: case for case, rules in cases for rule in rules if rule.startswith(("core.", "anam."))}


def classes(module: ModuleType) -> list[type[Cases]]:
    own = inspect.getmembers(module, lambda member: inspect.isclass(member) and member.__module__ == module.__name__)
    found = [cls for _, cls in own if issubclass(cls, Cases)]
    assert found, module
    return found


@cache
def levels() -> dict[str, str]:
    """Return every rule of the contracts with its level."""
    return {name: str(rule.level) for name, rule in {**core_rules(), **Contract.load("anam").rules}.items()}


def musts() -> set[str]:
    """Return the rules that fail a plugin: those that a case names, and that are no mere assumption."""
    known = levels()
    return {rule for rule in named() if known[rule] != "assumed"}


def need_a_mutant() -> Iterator[str]:
    """Yield the MUST rules that a plugin can break, in order."""
    yield from sorted(musts() - set(VENDORS_OWN))
