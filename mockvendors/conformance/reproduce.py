"""The command that runs one case again, as it can be pasted where this run was started."""

import shlex
import shutil
import sys
from pathlib import Path

import pytest

from mockvendors import paths
from mockvendors.conformance.implementation import asked, case_name, of_case

OPTIONS = ("--implementation-python", "--expectations", "--vendor-mode", "--cassettes")
"""What the case's outcome hangs on; the rest of a command line does not."""

INSTALLED = "mockvendors.suites"
"""Package of the suites in an installed mockvendors; in a checkout they lie beside the package."""


def installed(path: Path) -> Path | None:
    """Return the path below the installed suites; None for a file of a checkout, or of somebody else."""
    suites = paths.suites()
    inside = suites.parent.name == "mockvendors" and (suites.parent / "pytest_plugin.py").is_file()
    real = path.resolve()  # `lib64` of an environment is a link
    return real.relative_to(suites) if inside and real.is_relative_to(suites) else None


def command(item: pytest.Item) -> str:
    """Return the command, quoted for a shell."""
    _, _, case = case_name(item).partition("::")
    below = installed(item.path)
    if below is not None:
        module = ".".join([INSTALLED, *below.with_suffix("").parts])
        words = ["--pyargs", f"{module}::{case}"]
    else:
        words = [f"{_path(item)}::{case}"]
    given = {option: item.config.getoption(option) for option in OPTIONS}
    named = [f"--implementation={of_case(item).text}"] if asked(item.config) else []
    named += [f"{option}={value}" for option, value in given.items() if value]
    runxfail = ["--runxfail"] if item.config.getoption("runxfail") else []
    return shlex.join([*_pytest(item.config.invocation_params.dir), *words, *named, *runxfail])


def _pytest(here: Path) -> list[str]:
    """Return the pytest of this run, in the least of words: by its name where a shell finds it, else by its path."""
    beside = Path(sys.executable).with_name("pytest")
    if shutil.which("pytest") == str(beside):
        return ["pytest"]
    if not beside.is_file():
        return [sys.executable, "-m", "pytest"]
    return [str(beside.relative_to(here) if beside.is_relative_to(here) else beside)]


def _path(item: pytest.Item) -> Path:
    here = item.config.invocation_params.dir
    return item.path.relative_to(here) if item.path.is_relative_to(here) else item.path
