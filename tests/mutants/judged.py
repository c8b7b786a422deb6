"""Runs the suite on one mutant in a process of its own, and reads what the run said."""

import ast
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "mutants" / "anam"
REFERENCES = ("reference", "reference_least", "reference_two_calls")
"""Correct plugins: with all that there is, with the least, and of the older generation of calls."""
LIMIT = 300.0
"""Seconds for one run: of one rule's cases (at most 25), or of the whole suite beside another run, on a busy machine."""


@dataclass(frozen=True)
class Mutant:
    """A file under mutants/: what is wrong with it, and the rule that must catch it."""

    name: str
    wrong: str
    rule: str | None

    @property
    def path(self) -> str:
        return f"mutants/anam/{self.name}.py"


@dataclass(frozen=True)
class Run:
    """How a run of the suite ended."""

    code: int
    output: str
    failures: tuple[str, ...]
    """The text of each failed case."""


def read(path: Path) -> Mutant:
    """Read docstring and rule, without importing the plugin's framework."""
    tree = ast.parse(path.read_text())
    rules = [node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "RULE"]
    return Mutant(path.stem, ast.get_docstring(tree) or "", ast.literal_eval(rules[0]) if rules else None)


def mutants() -> list[Mutant]:
    return [read(path) for path in sorted(FOLDER.glob("*.py")) if path.stem not in REFERENCES]


def judge(path: str, *arguments: str, environment: dict[str, str] | None = None) -> Run:
    """Run `pytest suites/anam` on an implementation."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        command = [sys.executable, "-m", "pytest", "suites/anam", "-q", "-p", "no:cacheprovider", f"--junit-xml={report}"]
        done = subprocess.run(  # this repository's own suite
            [*command, f"--implementation=agents:{path}", *arguments],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        failures = texts(report) if report.exists() else ()
    return Run(done.returncode, done.stdout + done.stderr, failures)


def texts(report: Path) -> tuple[str, ...]:
    nodes = ET.parse(report).iter()  # noqa: S314  # pytest's own report of a moment ago
    return tuple(node.text or "" for node in nodes if node.tag in {"failure", "error"})


def named(failures: tuple[str, ...], rule: str) -> str | None:
    """Return the text of the failure of that rule."""
    return next((text for text in failures if re.match(rf"{re.escape(rule)}: ", text)), None)
