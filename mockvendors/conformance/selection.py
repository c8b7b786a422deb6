"""`--rule ID`: the cases that check one rule, by their mark or in passing."""

import inspect
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import fields
from typing import Any

import pytest

from mockvendors.conformance.described import VendorRules
from mockvendors.conformance.traits import Traits
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.nearest import beside, near, remedy

RULE_ID = re.compile(r'"([a-z]+(?:\.[a-z-]+)+)"')
"""Rule ids are literals in a case's source: never built from pieces."""
WORD = re.compile(r"[\w.-]+")
"""A name in an expression of -k."""
OWN_RULE = re.compile(r"\brules\.([a-z_]+)")
"""In reusable cases a rule of the vendor's is a name of `VendorRules`, whose id the traits tell."""


def checked(item: pytest.Item) -> set[str]:
    """Return the ids that a case names: its marks, and what its source holds against a rule."""
    marked = {str(name) for mark in item.iter_markers("rule") for name in mark.args}
    return marked | named(item.function, item.cls.traits)  # type: ignore[attr-defined]  # a case is a method of a class with traits


def named(case: Callable[..., Any], traits: Traits) -> set[str]:
    """Return the ids that stand in a case's source, or under a name that stands in it."""
    source = inspect.getsource(case)
    own = {each.name for each in fields(VendorRules)}.intersection(OWN_RULE.findall(source))
    return set(RULE_ID.findall(source)).union(*(traits.rules.named(name) for name in own))


def by_case(cls: type[Any]) -> dict[str, set[str]]:
    """Return the ids that each case of a suite's class names; one that is left out names none."""
    found = ((name, inspect.getattr_static(cls, name)) for name in dir(cls) if name.startswith("test"))
    return {name: _marked(case) | named(case, cls.traits) for name, case in found if callable(case)}


def _marked(case: Callable[..., Any]) -> set[str]:
    """Return the ids of a case's marks, and of those of its parameters."""
    marks: list[pytest.Mark] = list(getattr(case, "pytestmark", []))
    rows = [row for mark in marks if mark.name == "parametrize" for row in mark.args[1]]
    marks += [mark for row in rows for mark in getattr(row, "marks", ())]
    return {str(name) for mark in marks if mark.name == "rule" for name in mark.args}


def chosen(cases: Iterable[pytest.Item], rule: str) -> list[pytest.Item]:
    """Return the cases that check the rule; one that no case checks is the caller's mistake."""
    named = [(case, checked(case)) for case in cases]
    found = [case for case, rules in named if rule in rules]
    if not found:
        vendors = sorted({case.cls.traits.vendor for case, _ in named}) or ["core"]  # type: ignore[attr-defined]  # as above
        listed = f"`mockvendors contract {vendors[0]}` and `mockvendors contract core` list all rules"
        known = next((vendor for vendor in vendors if rule in Contract.load(vendor).rules), "") if named else ""
        held = f", which the contract of {known} holds" if known else ""
        all_rules = sorted(set().union(*(rules for _, rules in named)))
        raise UsageFault(f"no case checks the rule {rule!r}{held}", remedy(rule, all_rules, listed))
    return found


def nothing_left(config: pytest.Config, cases: Collection[pytest.Item]) -> str:
    """Say what left none of these cases over, which names are near, and how to list them."""
    asked = {f"-k {config.getoption('keyword')!r}": "keyword", f"-m {config.getoption('markexpr')!r}": "markexpr"}
    given = [text for text, option in asked.items() if config.getoption(option)] or ["what was deselected"]
    vendors = ", ".join(sorted({case.cls.traits.vendor for case in cases}))  # type: ignore[attr-defined]  # as above
    number = f"{len(cases)} case{'' if len(cases) == 1 else 's'}"
    told = f"nothing was judged: {' with '.join(given)} leaves none of the {number} of {vendors}"
    names = {name for case in cases for name in (getattr(case, "originalname", case.name), _class(case))}
    rules = {str(rule) for case in cases for mark in case.iter_markers("rule") for rule in mark.args}
    words = [word for word in WORD.findall(config.getoption("keyword") or "") if word not in {"and", "or", "not"}]
    told += beside(dict.fromkeys(name for word in words for name in near(word, sorted(names))))
    hints = [f"--rule {word} selects by that rule" for word in words if word in rules]
    return "; ".join([told, *hints, "the option --collect-only -q lists them all (of `mockvendors check`: -- --collect-only -q)"])


def _class(case: pytest.Item) -> str:
    return str(case.cls.__name__)  # type: ignore[attr-defined]  # as above
