"""The mutants of Anam, from their files."""

import ast
import hashlib
from pathlib import Path

from mockvendors.mutants import Mutant, Suite

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "mutants" / "anam"
NOT_NEEDED = ("-p", "no:schemathesis", "-p", "no:hypothesispytest")
"""Plugins of pytest for tests of ours; importing them is a third of what a run costs before its first case."""
SUITE = Suite(("suites/anam", *NOT_NEEDED), ROOT)
REFERENCES = ("reference", "reference_least", "reference_two_calls")
"""Correct plugins: with all that there is, with the least, and of the older generation of calls."""


def connect(name: str) -> str:
    """Return the connect string of a file of mutants/anam."""
    return f"agents:mutants/anam/{name}.py"


def read(path: Path) -> Mutant:
    """Read docstring and rule, without importing the plugin's framework."""
    tree = ast.parse(path.read_text())
    rules = [node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RULE"]
    rule = ast.literal_eval(rules[0]) if rules else ""
    return Mutant(path.stem, ast.get_docstring(tree) or "", rule, connect(path.stem))


def mutants() -> list[Mutant]:
    """Read all; a file whose name begins with `_` is what some share."""
    return [read(path) for path in sorted(FOLDER.glob("[!_]*.py")) if path.stem not in REFERENCES]


def references() -> list[Mutant]:
    return [read(FOLDER / f"{name}.py") for name in REFERENCES]


def digest(name: str) -> str:
    """Return what changes with a mutant's file, or with one of the folder that it imports."""
    found, waiting = {}, [name]
    while waiting:
        text = (FOLDER / f"{waiting[-1]}.py").read_text()
        found[waiting.pop()] = text
        waiting += [other for other in imported(text) if other not in found and (FOLDER / f"{other}.py").is_file()]
    return hashlib.sha256("\0".join(found[each] for each in sorted(found)).encode()).hexdigest()[:16]


def imported(text: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(text)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
