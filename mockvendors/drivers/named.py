"""Whose driver it is, for people: what is said of one that goes wrong."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from mockvendors.drivers.messages import PROTOCOL
from mockvendors.errors import DriverFault, UsageFault

READY = ("agents:", "node:")
"""Connect strings whose driver is part of mockvendors."""
STRANGERS = ("exec:", "image:")
"""Connect strings whose driver is the user's own program, and says in its own words what it lacks."""
WORDS = 5
"""Lines of a driver's stderr that are told."""
STRANGE = "docs/driver-protocol.md says what is due, and {} tries the whole protocol"
OFFERS = "docs/ci.md says what a plugin offers"
DRIVES = "docs/driver-protocol.md says what a driver of your own has to do"
OURS = "It is part of mockvendors: report it, with what {} says"
ITS_OWN = "The driver itself says so: install or correct what it drives; docs/driver-protocol.md says what `configuration` means"
NOWHERE = "cannot be imported: No module named"
"""What a driver says of a plugin that is not where it looks."""
LOOKED_FOR = (
    "It is looked for among its environment's packages (pip install -e .) and on PYTHONPATH; agents:FOLDER#MODULE names another "
    "module of a checkout"
)
LONGER = "MOCKVENDORS_TIME_SCALE=3 gives it three times as long"
"""The setting that changes every limit."""


@dataclass(frozen=True)
class Named:
    """A connect string, and the vendor whose plugin is driven; both empty for a driver that nobody named."""

    text: str = ""
    vendor: str = ""

    def __str__(self) -> str:
        return f"the driver of {self.text}" if self.text else "the driver"

    @property
    def trial(self) -> str:
        """The command that tries it alone."""
        named = f" {self.vendor} --implementation {shlex.quote(self.text)}" if self.text else ""
        return f"`mockvendors smoke{named}`"

    @property
    def offers(self) -> str:
        """Where it is said what the part behind the colon has to be: a plugin for our drivers, or a driver."""
        return DRIVES if self.text and not self.text.startswith(READY) else OFFERS

    def not_loaded(self, told: str, words: Iterable[str] = ()) -> UsageFault:
        """Return that a driver cannot load what it drives (`hello` answered by `configuration`), in its own text."""
        if NOWHERE in told:
            return UsageFault(told, LOOKED_FOR)
        if self.text.startswith(STRANGERS):
            return UsageFault(f"{self} cannot load what it drives: {told}", ITS_OWN + last_words(words))
        return UsageFault(told, self.offers + last_words(words))

    def deadly_import(self, what: str, ending: str, command: str, words: Iterable[str] = ()) -> UsageFault:
        """Return that the import of `what` ended the driver's process."""
        told = f"the plugin {what} cannot be imported: its import ends the process with {ending}"
        return UsageFault(told, f"Start it by hand to see why: {greeted(command)}" + last_words(words))

    def hanging_import(self, what: str, limit: float, command: str, words: Iterable[str] = ()) -> UsageFault:
        """Return that the import of `what` did not come back within `limit` seconds."""
        told = f"the plugin {what} cannot be imported: its import did not end within {limit:g} s"
        return UsageFault(told, f"Start it by hand to see where it stays: {greeted(command)}; {LONGER}" + last_words(words))

    def fault(self, what: str, remedy: str = "", words: Iterable[str] = ()) -> DriverFault:
        """Return that it did `what`, with what to do, by default to try it alone, and the last of its words on stderr."""
        told = remedy or (OURS if self.text.startswith(READY) else STRANGE).format(self.trial)
        return DriverFault(f"{self} {what}", told + last_words(words))


def greeted(command: str) -> str:
    """Return what a person types to start a driver and greet it; what is typed after it goes to the driver as well."""
    return f"""(echo '{{"id": 1, "cmd": "hello", "protocol": [{PROTOCOL}]}}'; cat) | {command}"""


def telling(words: Iterable[str]) -> list[str]:
    """Return what tells something: JavaScript puts a dozen frames of its stack behind the error's own text."""
    return [line for line in words if line.strip() and not line.lstrip().startswith("at ")]


def last_words(words: Iterable[str]) -> str:
    """Return the last lines of a driver's stderr, below what is said of it; empty where it said nothing."""
    lines = [f"  {line}" for line in telling(words)][-WORDS:]
    return "\n".join(["; the last of its stderr:", *lines]) if lines else ""
