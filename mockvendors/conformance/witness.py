"""Who saw what a case holds against its rules, read from the case's own text: what is compared, and where it comes from.

Most trusted first: the mock vendor's journal, the avatar's log, the probe in the room, the driver. What stands on the driver's
word alone is reported by the very process that is judged. A time-out or a death is seen from outside, by mockvendors itself.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from mockvendors.conformance.judge import Judgement
from mockvendors.conformance.selection import RULE_ID
from mockvendors.conformance.verdict import Verdict

ORDER = ("journal", "avatar", "probe", "process", "driver")
"""From the most trusted to the least; `process`: that nothing came within a limit, or that the implementation's process died."""

FIXTURES: Mapping[str, frozenset[str]] = {
    "vendor": frozenset({"journal"}),
    "room": frozenset({"probe"}),
    "drive": frozenset({"driver"}),
}
"""Who tells what a case reads from its fixtures."""

LOGS = frozenset({"log", "wait_for"})
"""Of a session, or of a method that waits for it: what the avatar wrote down."""

NO_WORD = frozenset(
    {"first", "identity", "session", "place", "language", "options", "capabilities", "check", "api_key", "base_url"}
)
"""Of the fixtures, what the harness or the greeting says before anything is judged."""

BY_THE_DRIVE = {"core.start.answered": "journal", "core.start.succeeds": "driver", "core.session.no-error": "driver"}
"""What the commands of `Drive` hold an implementation to by themselves."""

NOT_JUDGED = frozenset({Verdict.ERROR, Verdict.NOT_CLAIMED, Verdict.NOT_VERIFIED})
FROM_OUTSIDE = frozenset({Verdict.TIMEOUT, Verdict.CRASH})
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

    def comparisons(self, case: Callable[..., Any], cls: type) -> list[Comparison]:
        """Return what a case holds against its rules, in the order of its text."""
        function = inspect.unwrap(case)
        assert isinstance(function, FunctionType)  # noqa: S101 - a case is a method that somebody wrote
        if (function, cls) not in self.cases:
            node = self.of(function)
            reader = _Reader(self, function, cls, dict(FIXTURES))
            self.cases[function, cls] = list(reader.comparisons(node)) if node is not None else []
        return self.cases[function, cls]


_TEXTS: pytest.StashKey[Texts] = pytest.StashKey()


def judged_by(item: pytest.Item, said: Judgement) -> list[str]:
    """Return the witnesses of what a case said; of a rule that was broken only its own. Nobody, where nothing was judged."""
    if said.outcome in NOT_JUDGED:
        return []
    if said.outcome in FROM_OUTSIDE:
        return ["process"]
    texts = item.config.stash.setdefault(_TEXTS, Texts())
    found = texts.comparisons(item.function, item.cls)  # type: ignore[attr-defined]  # a case is a method
    own = [each for each in found if each.rule in said.broken] or [
        Comparison(rule, frozenset({BY_THE_DRIVE[rule]})) for rule in said.broken if rule in BY_THE_DRIVE
    ]
    told = frozenset[str]().union(*(each.witnesses for each in own or found))
    return [witness for witness in ORDER if witness in told]


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
        self.learn(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                yield from self._compared(node)

    def returned(self, function: ast.AST) -> frozenset[str]:
        """Return the witnesses of what a helper returns."""
        self.learn(function)
        returns = (node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None)
        return self._union(returns)

    def learn(self, function: ast.AST) -> None:
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

    def _compared(self, call: ast.Call) -> Iterator[Comparison]:
        """Yield what a call holds against a rule: `check(rule, actual, ...)`, or a command of `drive` that is given one."""
        match call:
            case ast.Call(func=ast.Name(id="check"), args=[rule, actual, *_]):
                yield Comparison(_literal(rule), self._of(actual))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="drive"))):
                given = map(_literal, [*call.args, *(keyword.value for keyword in call.keywords)])
                yield from (Comparison(rule, FIXTURES["drive"]) for rule in given if RULE_ID.fullmatch(f'"{rule}"'))

    def _give(self, targets: Iterable[ast.expr], value: ast.expr) -> None:
        told = self._of(value)
        names = (name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
        for name in names:
            if name.id not in FIXTURES:
                self.names[name.id] = self.names.get(name.id, frozenset()) | told

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
                return self._helped(node) or self._union(ast.iter_child_nodes(node))
        return self._union(ast.iter_child_nodes(node))

    def _helped(self, call: ast.Call) -> frozenset[str]:
        """Return the witnesses of what a helper of the case's class or file returns.

        Nobody where it is no such call, or where it returns words of its own: its caller asks whom the helper was given.
        """
        match call.func:
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                found, given = inspect.getattr_static(self.cls, name, None), [None, *call.args]
            case ast.Name(id=name):
                found, given = self.function.__globals__.get(name), list(call.args)
            case _:
                return frozenset()
        node = self.texts.of(found) if isinstance(found, FunctionType) and self.depth < DEEPEST else None
        if not isinstance(found, FunctionType) or node is None:
            return frozenset()
        parameters = inspect.signature(found).parameters
        names = {name: self._of(each) for name, each in zip(parameters, given, strict=False) if each is not None}
        names |= {each.arg: self._of(each.value) for each in call.keywords if each.arg is not None}
        return _Reader(self.texts, found, self.cls, names, self.depth + 1).returned(node)

    def _union(self, nodes: Iterable[ast.AST]) -> frozenset[str]:
        return frozenset[str]().union(*map(self._of, nodes))


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
