"""`--rule ID`: the cases that check one rule, by their mark or in passing."""

import inspect
import re
from collections.abc import Iterable
from difflib import get_close_matches

import pytest

from mockvendors.errors import UsageFault

RULE_ID = re.compile(r'"([a-z]+(?:\.[a-z-]+)+)"')
"""Rule ids are literals in a case's source: never built from pieces."""


def checked(item: pytest.Item) -> set[str]:
    """Return the ids that a case names: its marks, and what its source holds against a rule."""
    marked = {str(name) for mark in item.iter_markers("rule") for name in mark.args}
    return marked | set(RULE_ID.findall(inspect.getsource(item.function)))  # type: ignore[attr-defined]  # a case is a function


def chosen(cases: Iterable[pytest.Item], rule: str) -> list[pytest.Item]:
    """Return the cases that check the rule; one that no case checks is the caller's mistake."""
    named = [(case, checked(case)) for case in cases]
    found = [case for case, rules in named if rule in rules]
    if not found:
        near = get_close_matches(rule, sorted(set().union(*(rules for _, rules in named))), 3, 0.4)
        raise UsageFault(f"no case checks the rule {rule!r}", f"Nearest: {', '.join(near)}" if near else "")
    return found
