"""Whole runs of the suite in a process of their own, and the files that such a run is given."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIMIT = 120.0
"""Seconds for one run of a file of cases; 10 on an idle machine."""


def command(*arguments):
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]


def run(*arguments, folder=ROOT, **environment):
    """Return exit code and output."""
    done = subprocess.run(  # this repository's own suite
        command(*arguments),
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def listing(tmp_path, match, **more):
    path = tmp_path / "known.toml"
    fields = {"match": match, "outcome": "fail", "reason": "seen once", **more}
    path.write_text("[[expected]]\n" + "".join(f'{name} = "{value}"\n' for name, value in fields.items()))
    return f"--expectations={path}"


def plugin(tmp_path, text):
    """Write a plugin that may derive from the reference and the mutants, and return its path."""
    path = tmp_path / "wrong_plugin.py"
    path.write_text(f"import sys\nsys.path.append({str(ROOT / 'mutants' / 'anam')!r})\n" + textwrap.dedent(text))
    return path


def implementation(tmp_path, text):
    return f"--implementation=agents:{plugin(tmp_path, text)}"


def case(tmp_path, text, rule="core.config.key", head=""):
    """Write a case of somebody's own, and return the arguments that run it with this repository's settings."""
    path = tmp_path / "test_ours.py"
    path.write_text(
        "from mockvendors.conformance.base import Cases, rule\nfrom suites.anam.traits import ANAM\n"
        + textwrap.dedent(head)
        + f'\n\nclass TestOurs(Cases):\n    traits = ANAM\n\n    @rule("{rule}")\n'
        + textwrap.indent(textwrap.dedent(text).strip(), "    ")
        + "\n"
    )
    return path, "--rootdir=.", "-c", "pyproject.toml"


def verdict(output):
    """Return what the run said about the plugin, from the heading to the last line of the verdict."""
    lines = output.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("=") and " verdict on " in line)
    end = next(number for number, line in enumerate(lines[begin + 1 :], begin + 1) if line.startswith("=") or " in " in line)
    return lines[begin:end]
