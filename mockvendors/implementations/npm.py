"""Node and npm: where they are, and how they are asked."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mockvendors import limits
from mockvendors.errors import EnvironmentFault

LEAST = 20
"""Major version of Node: what the driver is written for."""
REMEDY = f"Install Node {LEAST} or newer with its npm from https://nodejs.org/en/download, and put it on the PATH"
TOLD_LINES = 12
"""Of npm's words, in an error message."""
OUT_OF_REACH = (
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ERR_SOCKET_TIMEOUT",
)
"""npm's codes of a registry that nobody reaches."""
FETCH = ("--fetch-retries=2", "--fetch-retry-mintimeout=200", "--fetch-retry-maxtimeout=2000")
"""npm's own pauses are made for people who wait for minutes."""


class NotFound(Exception):
    """The registry holds no such package, or no such version of it."""


@dataclass(frozen=True)
class Node:
    """Both programs; `version` is Node's."""

    node: str
    npm: str
    version: str

    def view(self, package: str, *fields: str) -> object:
        """Return what the registry says of a package: a field's value, or a mapping of several; None where it says nothing.

        `package` may name a version or a range; of a range's versions the answer is a list. Raises NotFound, EnvironmentFault.
        """
        done = self._run("view", package, *fields, "--json", *FETCH, folder=None)
        said = _parsed(done.stdout)
        if done.returncode == 0:
            return said
        error = said.get("error", {}) if isinstance(said, dict) else {}
        if error.get("code") == "E404":
            raise NotFound(str(error.get("summary", package)))
        raise _failed(f"npm cannot say what {package} is", done, str(error.get("summary", "")))

    def install(self, folder: Path, held: int) -> None:
        """Install what the folder's package.json asks for; no package's own programs are run meanwhile. Raises EnvironmentFault.

        `held` is a lock's descriptor, which npm keeps open: whoever waits for the lock waits for it too, should we be killed.
        """
        done = self._run(
            "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", *FETCH, folder=folder, held=(held,)
        )
        if done.returncode != 0:
            raise _failed("npm cannot install the plugin's packages", done, "")

    def _run(self, *arguments: str, folder: Path | None, held: Sequence[int] = ()) -> "subprocess.CompletedProcess[str]":
        limit = limits.scaled(limits.ENVIRONMENT_MAKE)
        try:
            return subprocess.run(  # noqa: S603 - an argument vector, no shell
                [self.npm, *arguments],
                cwd=folder,
                env=os.environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=limit,
                pass_fds=held,
                check=False,
            )
        except subprocess.TimeoutExpired:
            remedy = "Is the registry within reach, and quick? MOCKVENDORS_TIME_SCALE=3 gives it longer"
            raise EnvironmentFault(f"npm did not end within {limit:g} s: npm {' '.join(arguments)}", remedy) from None


def find() -> Node:
    """Return the Node and npm on the PATH. Raises EnvironmentFault where one is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise EnvironmentFault(f"there is no {'node' if node is None else 'npm'} on the PATH, which runs Node plugins", REMEDY)
    done = _version(node)
    found = re.match(r"v(\d+)\.\S+", done.stdout)
    if found is None:
        raise EnvironmentFault(f"{node} does not say its version ({done.stdout.strip() or done.stderr.strip()})", REMEDY)
    if int(found[1]) < LEAST:
        raise EnvironmentFault(f"{node} is Node {found[0]}, too old for the driver", REMEDY)
    return Node(node, npm, found[0])


def _version(node: str) -> "subprocess.CompletedProcess[str]":
    """Run a node for its version. Raises EnvironmentFault where it does not end: it may be a shim that waits for something."""
    limit = limits.scaled(limits.PROGRAM_VERSION)
    try:
        return subprocess.run(  # noqa: S603 - an argument vector, no shell
            [node, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        remedy = f"See what `node --version` waits for. {REMEDY}"
        raise EnvironmentFault(f"{node} does not say its version within {limit:g} s", remedy) from None


def _parsed(text: str) -> object:
    try:
        return cast("object", json.loads(text))
    except ValueError:
        return None


def _failed(what: str, done: "subprocess.CompletedProcess[str]", summary: str) -> EnvironmentFault:
    lines = [line.removeprefix("npm error").strip() for line in done.stderr.splitlines() if line.startswith("npm error")]
    if any(sign in done.stderr for sign in OUT_OF_REACH):
        why = summary or next((line for line in lines if "reason:" in line), "no answer")
        return EnvironmentFault(
            f"{what}, since its registry is out of reach: {why}",
            "Open the network, or set npm_config_registry to one that is reached. A version that was installed once, named as "
            "PACKAGE@VERSION, needs none",
        )
    told = "\n".join(f"  {line}" for line in (lines or done.stderr.splitlines())[:TOLD_LINES])
    return EnvironmentFault(f"{what}:\n{told}", "See what `npm doctor` says")
