"""The generic wrong changes, read from their files: what is wrong, which rule must catch it, what it has to be told."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).with_name("catalogue")
"""Files that run in a plugin's environment, and are only read here."""
OF_ALL = {"__init__", "base", "become"}
"""Files of it without a change."""
UNCHANGED = "base.Session"
"""The change that changes nothing: a plugin that is wrapped and correct."""


@dataclass(frozen=True)
class Generic:
    """One change that fits any correct plugin."""

    name: str
    wrong: str
    rule: str
    """Of the framework; empty where only a vendor's own rule can catch it."""
    needs: tuple[str, ...]
    """Names that the configuration has to give."""
    place: str
    """`FILE.Class` in the catalogue."""


@cache
def catalogue() -> dict[str, Generic]:
    """Return all changes by name."""
    files = sorted(path for path in CATALOGUE.glob("*.py") if path.stem not in OF_ALL)
    return {found.name: found for file in files for found in _read(file)}


def _read(file: Path) -> Iterator[Generic]:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            rule, needs = _told(node, "rule", ""), _told(node, "needs", ())
            wrong = " ".join((ast.get_docstring(node) or "").split())
            yield Generic(snake_case(node.name), wrong, rule, tuple(needs), f"{file.stem}.{node.name}")


def _told(kind: ast.ClassDef, name: str, otherwise: Any) -> Any:  # noqa: ANN401 - what a class assigns to a name
    found = [each.value for each in kind.body if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == name]
    return ast.literal_eval(found[0]) if found else otherwise


def snake_case(name: str) -> str:
    """Return the name of a mutant for that of its class."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
