"""The command that runs one case again, as it can be pasted where this run was started."""

import shlex
from pathlib import Path

import pytest

from mockvendors import paths

OPTIONS = ("--implementation", "--implementation-python", "--expectations", "--vendor-mode", "--cassettes")
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
    _, _, case = item.nodeid.partition("::")
    below = installed(item.path)
    if below is not None:
        module = ".".join([INSTALLED, *below.with_suffix("").parts])
        words = ["pytest", "--pyargs", f"{module}::{case}"]
    else:
        words = ["pytest", f"{_path(item)}::{case}"]
    given = {option: item.config.getoption(option) for option in OPTIONS}
    return shlex.join([*words, *(f"{option}={value}" for option, value in given.items() if value)])


def _path(item: pytest.Item) -> Path:
    here = item.config.invocation_params.dir
    return item.path.relative_to(here) if item.path.is_relative_to(here) else item.path
