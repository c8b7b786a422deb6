"""Marks of reusable cases whose arguments the traits of a vendor give: they are filled in when a suite's class is made.

A case without what it needs (no such rule of the vendor's, no row in the table) is left out: the class has None in its place.
"""

import functools
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from mockvendors.conformance.described import VendorRules
from mockvendors.conformance.traits import Traits

UNFILLED = "mockvendors_unfilled"
"""Attribute of a filled case: the one that it was made of, for a class with other traits."""


@dataclass(frozen=True)
class Filled:
    """Stands in a mark for what the traits give."""

    of: Callable[[Traits], Any]


def own(rule: Callable[[VendorRules], str | None]) -> pytest.MarkDecorator:
    """Mark the rule that a case judges where it is the vendor's own: `@own(lambda rules: rules.size_pair)`."""
    return pytest.mark.rule(Filled(lambda traits: rule(traits.rules)))


def claiming(claims: Callable[[Traits], Iterable[str] | None]) -> pytest.MarkDecorator:
    """Mark what an implementation claims that can be judged so; None: the vendor has nothing for this case."""
    return pytest.mark.needs(Filled(claims))


def taking(options: Callable[[Traits], Iterable[str]]) -> pytest.MarkDecorator:
    """Mark the options that the case uses: it needs what an implementation claims that takes them."""
    return claiming(lambda traits: traits.claims(options(traits)))


def each(name: str, values: Callable[[Traits], Iterable[Any]], ids: Any = None) -> pytest.MarkDecorator:  # as pytest's
    """Make the case once for each of these values, or `pytest.param`s."""
    rows: Any = Filled(lambda traits: list(values(traits)))
    return pytest.mark.parametrize(name, rows, ids=ids)


def fill(cls: type, traits: Traits) -> None:
    """Fill in the marks of a class's cases, inherited ones included. Raises TypeError where not one case is left."""
    cases = {name: inspect.getattr_static(cls, name) for base in reversed(cls.__mro__) for name in vars(base)}
    cases = {name: case for name, case in cases.items() if name.startswith("test") and callable(case)}
    filled = {name: _filled(getattr(case, UNFILLED, case), traits) for name, case in cases.items()}
    left_out = [name for name, case in filled.items() if case is None]
    left = len(filled) - len(left_out)
    if filled != cases:
        for name, case in filled.items():  # pytest takes them in the order in which a class has them: that of their definition
            if name in vars(cls):
                delattr(cls, name)
            setattr(cls, name, case)
    if left_out and not left:
        why = f"the traits of {traits.vendor} have nothing for its cases ({', '.join(left_out)})"
        raise TypeError(f"{cls.__qualname__}: {why}: say it in Traits.rules, fields or sizes, or leave the class out")


def _filled(case: Callable[..., Any], traits: Traits) -> Callable[..., Any] | None:
    """Return the case as this vendor has it, or None; one whose marks ask nothing of the traits is returned as it is."""
    marks: list[pytest.Mark] = getattr(case, "pytestmark", [])
    if not any(isinstance(arg, Filled) for mark in marks for arg in mark.args):
        return case
    values = [_mark(mark, traits) for mark in marks]
    if None in values:
        return None

    @functools.wraps(case)
    def made(*args: Any, **kwargs: Any) -> Any:
        return case(*args, **kwargs)

    made.__dict__.update({"pytestmark": values, UNFILLED: case})
    return made


def _mark(mark: pytest.Mark, traits: Traits) -> pytest.Mark | None:
    """Return the mark with what the traits give; None where they give nothing, and the case has nothing to judge."""
    args: list[Any] = []
    for arg in mark.args:
        if not isinstance(arg, Filled):
            args.append(arg)
            continue
        value = arg.of(traits)
        if value is None or (not value and mark.name != "needs"):
            return None
        args += sorted(value) if mark.name == "needs" else [value]
    filled: pytest.MarkDecorator = getattr(pytest.mark, mark.name)
    return filled.with_args(*args, **mark.kwargs).mark
