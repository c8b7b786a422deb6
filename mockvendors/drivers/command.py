"""What starts a driver: its command line, and its environment, built from nothing."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Build a driver's environment from nothing, so that no real key can leak in."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **(extra or {})}


def own_path(python: str | None) -> dict[str, str]:
    """Return what a driver in the environment of this run gets beside: where its user lets Python look for modules.

    Another interpreter gets nothing of it: modules of one environment do not fit another.
    """
    path = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": path} if path and python is None else {}


def livekit_agents_command(plugin: str, description: Path, python: str | None = None, *, replay: bool = False) -> list[str]:
    """Return the command that drives a LiveKit Agents plugin: a module name, or a Python file, in `python`'s environment.

    With `replay` the driver lets nothing out, and asks for the answer to each HTTP request.
    """
    driver = Path(__file__).with_name("livekit_agents")
    command = [python or sys.executable, str(driver), "--plugin", plugin, "--description", str(description)]
    return [*command, "--replay"] if replay else command


def node_command(node: str, packages: Path, plugin: str, description: Path) -> tuple[str, ...]:
    """Return the command that drives a Node plugin in a folder of packages.

    The shell moves stdout, which a native library and the jobs' processes may write to as well, out of the protocol's way: it
    becomes stderr, and what it was the driver alone has, as descriptor 3.
    """
    aside = ("sh", "-c", 'exec "$@" 3>&1 1>&2', "sh")
    driver = str(Path(__file__).with_name("node") / "main.mjs")
    told = ("--packages", str(packages), "--plugin", plugin, "--description", str(description), "--channel", "3")
    return (*aside, node, driver, *told)
