"""Whose driver it is, for people: what is said of one that goes wrong."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from mockvendors.errors import DriverFault

READY = ("agents:", "node:")
"""Connect strings whose driver is part of mockvendors."""
WORDS = 5
"""Lines of a driver's stderr that are told."""
STRANGE = "docs/driver-protocol.md says what is due, and {} tries the whole protocol"
OFFERS = "docs/ci.md says what a plugin offers"
DRIVES = "docs/driver-protocol.md says what a driver of your own has to do"
OURS = "It is part of mockvendors: report it, with what {} says"


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

    def fault(self, what: str, remedy: str = "", words: Iterable[str] = ()) -> DriverFault:
        """Return that it did `what`, with what to do, by default to try it alone, and the last of its words on stderr."""
        told = remedy or (OURS if self.text.startswith(READY) else STRANGE).format(self.trial)
        return DriverFault(f"{self} {what}", told + last_words(words))


def last_words(words: Iterable[str]) -> str:
    """Return the last lines of a driver's stderr, below what is said of it; empty where it said nothing."""
    lines = [f"  {line}" for line in words][-WORDS:]
    return "\n".join(["; the last of its stderr:", *lines]) if lines else ""
