"""The rules that the lines of a suite name: read where `check`, `drive` and `self` are what a case was given, and nowhere else.

A suite may have functions and values of these names that mean something else, such as a helper `check` of its own.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from mockvendors.conformance.suite_scopes import FUNCTIONS, Function, Scopes

AT: Mapping[tuple[str, str], int] = {
    ("check", ""): 0,
    ("drive", "started"): 0,
    ("drive", "hold"): 1,
    ("drive", "close"): 1,
    ("self", "rule"): 1,
}
"""Where a call in a case names a rule: whose, by which method (none: it is called itself), and the number of the argument."""
GIVEN = frozenset(name for name, _ in AT)
"""What a case, or a fixture, is given."""


def in_source(path: Path) -> list[tuple[str, str]]:
    """Return the rules that the cases of a file name in their own lines, each with its place."""
    reader = _Reader(ast.parse(path.read_text(encoding="utf-8"), str(path)))
    return [(rule, f"{path.name}:{line}") for line, rule in sorted(reader.named)]


class _Reader:
    """Reads the cases and fixtures of one file, and the helpers to which they hand what they were given."""

    def __init__(self, tree: ast.Module) -> None:
        self._scopes = Scopes(tree)
        self._read: set[tuple[Function, frozenset[str]]] = set()
        self.named: set[tuple[int, str]] = set()
        """The line and the name of each."""
        functions = list(self._scopes.places)
        self._fixtures = {each: name for each in functions if (name := _as_fixture(each))}
        made = {inner for outer in functions for inner in _own(outer) if isinstance(inner, FUNCTIONS) and _is_method(inner)}
        for each in functions:
            if each.name.startswith("test") or each in made or each in self._fixtures:
                self._function(each, (_parameters(each) & GIVEN) - self._replaced(each))

    def _replaced(self, function: Function) -> frozenset[str]:
        """Return the names for which the file has a fixture of its own there; one that is itself given that name passes it on."""
        homes = [None, *self._scopes.above(self._scopes.places[function].home)]
        fixtures = [each for each in self._fixtures if self._scopes.places[each].home in homes and each is not function]
        return frozenset(self._fixtures[each] for each in fixtures if self._fixtures[each] not in _parameters(each))

    def _function(self, function: Function, given: frozenset[str]) -> None:
        """Read a function in which these names are what a case was given."""
        given -= {node.id for node in _own(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        given -= {node.name for node in _own(function) if isinstance(node, FUNCTIONS)}
        if not given or (function, given) in self._read:
            return
        self._read.add((function, given))
        for node in _own(function):
            if isinstance(node, FUNCTIONS):
                self._function(node, given - _parameters(node))
            elif isinstance(node, ast.Call):
                self._call(function, node, given)

    def _call(self, function: Function, call: ast.Call, given: frozenset[str]) -> None:
        whose, method = _called(call)
        if whose in given:
            self.named |= {(call.lineno, rule) for rule in _rule(call, AT.get((whose, method)))}
        if whose in given - {"self"} or (method and whose != "self"):
            return
        handed = {value.id for value in [*call.args, *(word.value for word in call.keywords)] if isinstance(value, ast.Name)}
        helpers = self._scopes.of_self(function, method) if method else self._scopes.bare(function, whose)
        for helper in helpers:
            self._function(helper, given & {*handed, whose} & _parameters(helper))


def _own(function: Function) -> Iterator[ast.AST]:
    """Yield what stands in a function, and of one inside of it no more than that it is there."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [] if isinstance(node, FUNCTIONS) else ast.iter_child_nodes(node)


def _parameters(function: Function) -> frozenset[str]:
    return frozenset(each.arg for each in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs])


def _is_method(function: Function) -> bool:
    """Tell whether it becomes a case of a class, where a function makes it."""
    return "self" in [each.arg for each in function.args.args[:1]]


def _as_fixture(function: Function) -> str:
    """Return the name of a fixture; empty for what is none."""
    for decorator in function.decorator_list:
        made = decorator.func if isinstance(decorator, ast.Call) else decorator
        if (made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")) != "fixture":
            continue
        words = decorator.keywords if isinstance(decorator, ast.Call) else []
        named = [word.value.value for word in words if word.arg == "name" and isinstance(word.value, ast.Constant)]
        return str(named[0]) if named else function.name
    return ""


def _called(call: ast.Call) -> tuple[str, str]:
    """Return who is called, and by which method; empty where no name says so."""
    match call.func:
        case ast.Name(id=name):
            return name, ""
        case ast.Attribute(value=ast.Name(id=whose), attr=name):
            return whose, name
    return "", ""


def _rule(call: ast.Call, at: int | None) -> Iterator[str]:
    """Yield the rule that a call names as a text; nothing where it names none, or takes it from elsewhere."""
    given = [keyword.value for keyword in call.keywords if keyword.arg == "rule"]
    match given or call.args[at : at + 1] if at is not None else []:
        case [ast.Constant(value=str(rule))]:
            yield rule
