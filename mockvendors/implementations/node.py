"""`node:`: a plugin for LiveKit Agents in Node, from npm, run by the ready driver."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mockvendors.drivers.command import node_command
from mockvendors.errors import UsageFault
from mockvendors.implementations import node_packages, npm
from mockvendors.implementations.implementation import Implementation, Launch, Preparation

FORM = "node:PACKAGE or node:PACKAGE@VERSION, as npm names them"
NAME = re.compile(r"(?P<package>(@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*)(@(?P<version>.*))?")
VERSION = re.compile(r"\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?")


def read(what: str, python: str | None) -> Implementation:  # noqa: ARG001 - the interpreter is of the Python plugins beside it
    """Return the plugin that a package's name, and a version, name."""
    found = NAME.fullmatch(what)
    if found is None:
        raise UsageFault(f"{what!r} is no package's name", f"Write {FORM}, like node:@livekit/agents-plugin-anam@1.5.0")
    version = found["version"]
    if version is not None and VERSION.fullmatch(version) is None:
        raise UsageFault(
            f"{version!r} is no version of {found['package']}", "Write one whole, like 1.5.0, or none for the newest"
        )
    return Plugin(f"node:{what}", found["package"], version)


@dataclass(frozen=True)
class Plugin:
    """A package of npm; without a version the one that npm gives whoever names none."""

    text: str
    package: str
    version: str | None

    @property
    def known_as(self) -> str:
        """The package's name, without what no file's name may hold: @livekit/x is livekit-x."""
        return self.package.removeprefix("@").replace("/", "-")

    def prepare(self, how: Preparation) -> Launch:
        """Install it unless it is there, and return how its driver is started."""
        description = described(how.description)
        if how.replay:
            raise UsageFault(
                "the driver of Node plugins cannot replay", f"Judge {self.text} against the mock: leave --vendor-mode out"
            )
        made = self.provide(how.say, replay=how.replay)
        return Launch(node_command(npm.find().node, made.folder, self.package, description), pairing=made.pairing)

    def provide(self, say: Callable[[str], None], *, replay: bool) -> node_packages.Packages:  # noqa: ARG002 - see below
        """Install it, unless it is there; for a replay, which its driver cannot do, no less."""
        node = npm.find()
        version = self.version or node_packages.newest(self.package, node)
        return node_packages.packages(node_packages.Wish(self.package, version), node, say)


def described(description: Path) -> Path:
    """Return the suite's description of Node plugins, beside that of Python's. Raises UsageFault."""
    found = description.with_suffix(".mjs")
    if not found.is_file():
        raise UsageFault(f"the suite says nothing of Node plugins: there is no {found}", "docs/node.md says what it holds")
    return found
