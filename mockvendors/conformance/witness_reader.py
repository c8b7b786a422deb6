"""What a case holds against its rules, and who told it: read from the case's own text, as its author wrote it.

`check(rule, actual, ...)` is followed back to the fixtures from which `actual` comes, over names and through helpers of the case.
"""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any

from mockvendors.conformance.selection import RULE_ID

FIXTURES: Mapping[str, frozenset[str]] = {
    "vendor": frozenset({"journal"}),
    "room": frozenset({"probe"}),
    "drive": frozenset({"driver"}),
}
"""Who tells what a case reads from its fixtures."""

LOGS = frozenset({"log", "wait_for"})
"""Of a session, or of a method that waits for it: what the avatar wrote down."""

NO_WORD = frozenset(
    {"first", "identity", "session", "place", "language", "options", "capabilities", "check", "api_key", "base_url", "contract"}
)
"""Of the fixtures, what the harness or the greeting says before anything is judged."""

DEEPEST = 3
"""So far calls of helpers are followed."""


@dataclass(frozen=True)
class Comparison:
    """One call of `check`: the rule (empty where the text does not say it), and who told what is compared."""

    rule: str
    witnesses: frozenset[str]


@dataclass
class Texts:
    """What has been read in one run: files, and the comparisons of cases."""

    files: dict[str, dict[tuple[str, int], ast.AST]] = field(default_factory=dict)
    cases: dict[tuple[object, object], list[Comparison]] = field(default_factory=dict)

    def of(self, function: FunctionType) -> ast.AST | None:
        """Return the text of a function; None where there is no file of it any more."""
        code = function.__code__
        if code.co_filename not in self.files:
            self.files[code.co_filename] = dict(_functions(code.co_filename))
        return self.files[code.co_filename].get((code.co_name, code.co_firstlineno))

    def comparisons(self, case: Any, cls: type) -> list[Comparison]:
        """Return what a case of a class holds against its rules; nothing where there is no text of it."""
        function = inspect.unwrap(case)
        if (function, cls) not in self.cases:
            node = self.of(function) if isinstance(function, FunctionType) else None
            found = _Reader(self, function, cls, dict(FIXTURES)).comparisons(node) if node is not None else ()
            self.cases[function, cls] = list(found)
        return self.cases[function, cls]


def _functions(file: str) -> Iterator[tuple[tuple[str, int], ast.AST]]:
    """Yield the functions of a file by name and first line, as their compiled code has it: the first decorator's."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.name, min(each.lineno for each in [node, *node.decorator_list])), node


@dataclass
class _Reader:
    """Which names of one function hold the words of which witnesses."""

    texts: Texts
    function: FunctionType
    cls: type
    names: dict[str, frozenset[str]]
    depth: int = 0

    def comparisons(self, function: ast.AST) -> Iterator[Comparison]:
        """Yield what a case compares."""
        self._learn(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                yield from self._compared(node)

    def returned(self, function: ast.AST) -> frozenset[str]:
        """Return the witnesses of what a helper returns."""
        self._learn(function)
        returns = (node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None)
        return self._union(returns)

    def _learn(self, function: ast.AST) -> None:
        """Note the names that its statements give a value; twice, for in a loop one may be read above the line that gives it."""
        for node in (*ast.walk(function), *ast.walk(function)):
            match node:
                case ast.Assign(targets=targets, value=value):
                    self._give(targets, value)
                case ast.NamedExpr(target=target, value=value) | ast.AugAssign(target=target, value=value):
                    self._give([target], value)
                case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                    self._give([target], value)
                case ast.comprehension(target=target, iter=value):
                    self._give([target], value)
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    self._give([target], value)
                case ast.Call(func=ast.Attribute(value=ast.Name() as target, attr="append" | "extend" | "add"), args=[value]):
                    self._give([target], value)

    def _give(self, targets: Iterable[ast.expr], value: ast.expr) -> None:
        told = self._of(value)
        names = (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
        for name in names:
            if name.id not in FIXTURES:
                self.names[name.id] = self.names.get(name.id, frozenset()) | told

    def _compared(self, call: ast.Call) -> Iterator[Comparison]:
        """Yield what a call holds against a rule: `check`, a command of `drive` that is given a rule, a helper that checks."""
        match call:
            case ast.Call(func=ast.Name(id="check"), args=[rule, actual, *_]):
                told = self._of(actual)
                yield from (Comparison(name, told) for name in self._rules(rule) or [""])
            case ast.Call(func=ast.Attribute(value=ast.Name(id="drive"))):
                given = [*call.args, *(keyword.value for keyword in call.keywords)]
                yield from (Comparison(name, FIXTURES["drive"]) for each in given for name in self._rules(each))
            case ast.Call(args=args) if any(isinstance(arg, ast.Name) and arg.id == "check" for arg in args):
                helper = self._helper(call)
                yield from helper[0].comparisons(helper[1]) if helper is not None else ()

    def _rules(self, node: ast.expr) -> list[str]:
        """Return the ids that an argument is: a literal, one of the function around it, a name of the vendor's own rules."""
        match node:
            case ast.Constant(value=str(text)):
                return [text] if RULE_ID.fullmatch(f'"{text}"') else []
            case ast.Name(id=name):
                return self._rules(ast.Constant(self._around().get(name)))
            case ast.Attribute(value=ast.Name(id="rules") | ast.Attribute(attr="rules"), attr=name):
                own = getattr(self.cls, "traits", None)
                return sorted(own.rules.named(name)) if own is not None and hasattr(own.rules, name) else []
        return []

    def _of(self, node: ast.AST) -> frozenset[str]:
        """Return the witnesses of an expression."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name, frozenset())
            case ast.Attribute(value=ast.Name(id="vendor" | "drive" | "room"), attr=attribute) if attribute in NO_WORD:
                return frozenset()
            case ast.Attribute(attr=attribute) | ast.Call(func=ast.Attribute(attr=attribute)) if attribute in LOGS:
                return frozenset({"avatar"})
            case ast.Call():
                helper = self._helper(node)
                told = helper[0].returned(helper[1]) if helper is not None else frozenset()
                return told or self._union(ast.iter_child_nodes(node))  # who was asked, where a helper has words of its own
        return self._union(ast.iter_child_nodes(node))

    def _helper(self, call: ast.Call) -> "tuple[_Reader, ast.AST] | None":
        """Return a reader for a helper of the case's class or file, with what it is given, and its text; None: no such call."""
        match call.func:
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                found, given = inspect.getattr_static(self.cls, name, None), [None, *call.args]
            case ast.Name(id=name):
                found, given = self._around().get(name, self.function.__globals__.get(name)), [*call.args]
            case _:
                return None
        node = self.texts.of(found) if isinstance(found, FunctionType) and self.depth < DEEPEST else None
        if not isinstance(found, FunctionType) or node is None:
            return None
        parameters = inspect.signature(found).parameters
        names = {name: self._of(each) for name, each in zip(parameters, given, strict=False) if each is not None}
        names |= {each.arg: self._of(each.value) for each in call.keywords if each.arg is not None}
        return _Reader(self.texts, found, self.cls, names, self.depth + 1), node

    def _around(self) -> dict[str, Any]:
        """Return what the function has of the one around it."""
        cells = self.function.__closure__ or ()
        return {name: cell.cell_contents for name, cell in zip(self.function.__code__.co_freevars, cells, strict=True)}

    def _union(self, nodes: Iterable[ast.AST]) -> frozenset[str]:
        return frozenset[str]().union(*map(self._of, nodes))
