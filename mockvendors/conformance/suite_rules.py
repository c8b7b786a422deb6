"""The names that a suite gives, read before anything runs: a rule or a capability with a typo would be one that nobody has.

A mark names it, or a case's source does; a case that is deselected, or that nobody claims, is read too.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pytest

from mockvendors.conformance.implementation import case_name
from mockvendors.contract import Contract, core_rules
from mockvendors.errors import UsageFault

AT: Mapping[tuple[str, str], int] = {
    ("", "check"): 0,
    ("drive", "started"): 0,
    ("drive", "hold"): 1,
    ("drive", "close"): 1,
    ("self", "rule"): 1,
}
"""Where a call in a case names a rule: whose (none: the fixture itself), of what name, and the number of the argument."""
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
    lines = [f"{name!r} in {where}{nearest(name, known)}" for name, where in list(wrong.items())[:TOLD]]
    more = f" and {len(wrong) - TOLD} more" if len(wrong) > TOLD else ""
    raise UsageFault(f"{told}: {', '.join(lines)}{more}", remedy)


def closest(name: str, known: Collection[str]) -> str:
    """Return the name that may have been meant; empty where none is near."""
    return next(iter(get_close_matches(name, sorted(known), 1)), "")


def nearest(name: str, known: Collection[str]) -> str:
    """Return the same in brackets, to stand behind a name; empty where none is near."""
    near = closest(name, known)
    return f" (nearest: {near})" if near else ""


def _rules(cases: Collection[pytest.Item]) -> Iterator[tuple[str, str]]:
    yield from _marks(cases, "rule")
    for path in dict.fromkeys(case.path for case in cases):
        yield from in_source(path)


def _marks(cases: Iterable[pytest.Item], kind: str) -> Iterator[tuple[str, str]]:
    for case in cases:
        for mark in case.iter_markers(kind):
            for name in mark.args:
                yield str(name), case_name(case).rpartition("/")[2]


def in_source(path: Path) -> list[tuple[str, str]]:
    """Return the rules that the cases of a file name in their own lines, each with its place."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    cases = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_case(node)]
    calls = [call for case in cases for call in ast.walk(case) if isinstance(call, ast.Call)]
    return [(name, f"{path.name}:{call.lineno}") for call in calls if (name := _named(call)) is not None]


def _is_case(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function works with what a case has; `check` of anybody else means something else."""
    return bool({"check", "drive", "vendor"} & {each.arg for each in [*function.args.args, *function.args.kwonlyargs]})


def _named(call: ast.Call) -> str | None:
    """Return the rule that a call names as a text; None where it names none, or takes it from elsewhere."""
    match call.func:
        case ast.Name(id=name):
            at = AT.get(("", name))
        case ast.Attribute(value=ast.Name(id=whose), attr=name):
            at = AT.get((whose, name))
        case _:
            return None
    if at is None:
        return None
    given = [keyword.value for keyword in call.keywords if keyword.arg == "rule"] or call.args[at : at + 1]
    match given:
        case [ast.Constant(value=str(rule))]:
            return rule
    return None
