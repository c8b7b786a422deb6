"""Which plugin is judged: what `--implementation` names, or the vendor's published one."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from mockvendors.errors import UsageFault


def named(config: pytest.Config, traits: Any) -> str:
    """Return the plugin: a module's name or a Python file's path. Raises UsageFault where it cannot be."""
    asked = config.getoption("--implementation")
    given = f"agents:{traits.plugin}" if asked is None else asked  # an empty one is a variable that nobody set
    kind, _, what = str(given).partition(":")
    if kind != "agents" or not what:
        raise UsageFault(f"unknown implementation {given!r}", "Write agents:MODULE or agents:FILE.py")
    if Path(what).name == "__init__.py" or ("/" in what and Path(what).is_dir()):
        raise UsageFault(f"{what} is a package", "Install it (pip install -e ...), and write agents: with its module's name")
    if what.endswith(".py") and not Path(what).is_file():
        raise UsageFault(f"there is no file {what}", "Give the path of the plugin's module")
    python = config.getoption("--implementation-python")
    if python and shutil.which(python) is None:
        raise UsageFault(f"there is no interpreter {python}", "Give the python of the environment that holds the plugin")
    return what
