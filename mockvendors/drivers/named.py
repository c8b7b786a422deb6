"""Whose driver it is, for people: what is said of one that goes wrong."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from mockvendors import paths
from mockvendors.drivers.messages import PROTOCOL, DriverError, Loading
from mockvendors.errors import DriverFault, HarnessFault, MockvendorsError, UsageFault, VendorFault

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
OURS_TOO = "It is part of mockvendors: report it"
CORRECT = "Correct it: docs/add-a-vendor.md says what a suite's description offers"
ITS_OWN = "The driver itself says so: install or correct what it drives; docs/driver-protocol.md says what `configuration` means"
NOWHERE = "cannot be imported: No module named"
"""What a driver says of a plugin that is not where it looks."""
LOOKED_FOR = (
    "It is looked for among its environment's packages (pip install -e .) and on PYTHONPATH; agents:FOLDER#MODULE names another "
    "module of a checkout"
)
STEPS: Mapping[str, str] = {
    "import": "the plugin {} cannot be imported: its import",
    "make": "the object {} cannot be made: its factory",
    "hello": "the object {} does not say who it is: its hello()",
    "description": "the description {} cannot be loaded: its import",
    "capabilities": "the description {} does not say what the plugin offers: its capabilities()",
}
"""What cannot be where a step before the greeting hangs or ends the process, and who does that; the braces are what it names."""
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
            return UsageFault(told, self._as_folder() or LOOKED_FOR)
        if self.text.startswith(STRANGERS):
            return UsageFault(f"{self} cannot load what it drives: {told}", ITS_OWN + last_words(words))
        return UsageFault(told, self.offers + last_words(words))

    def _as_folder(self) -> str:
        """Return how the checkout is written that stands here under the name of the module; empty where none does."""
        kind, _, what = self.text.partition(":")
        folder = what.partition("#")[0]
        if kind != "agents" or not folder or "/" in folder or not (Path(folder) / "pyproject.toml").is_file():
            return ""
        return f"It was looked for as a module; a checkout is here under that name: write agents:./{what}"

    def deadly(self, loading: Loading, ending: str, command: str, words: Iterable[str] = ()) -> MockvendorsError:
        """Return that what was just done before the greeting ended the driver's process."""
        remedy = f"Start it by hand to see why: {greeted(command)}"
        return self._of(loading, f"ends the process with {ending}", remedy + last_words(words))

    def hanging(self, loading: Loading, limit: float, command: str, words: Iterable[str] = ()) -> MockvendorsError:
        """Return that what was just done before the greeting did not come back within `limit` seconds."""
        remedy = f"Start it by hand to see where it stays: {greeted(command)}; {LONGER}"
        return self._of(loading, f"did not end within {limit:g} s", remedy + last_words(words))

    def _of(self, loading: Loading, did: str, remedy: str) -> MockvendorsError:
        """Return whose fault a step is: a description is the suite's, everything else what the caller wants judged.

        Our own descriptions look at a plugin and do nothing else: there it is the plugin that hangs or ends the process.
        """
        told = f"{STEPS.get(loading.step, STEPS['import']).format(loading.what)} {did}"
        if loading.step == "description" or (loading.step == "capabilities" and not _is_ours(loading.what)):
            return self._described(loading.what, told, remedy)
        return UsageFault(told, remedy)

    def description_fault(self, error: DriverError) -> HarnessFault | None:
        """Return the fault of the suite's description that an error tells of; None where it is none.

        Of a name that is much like one that the implementation has, our own descriptions are not the ones that misspell it; and a
        driver that is not ours uses none.
        """
        wrong = error.description
        if wrong is None or self.text.startswith(STRANGERS) or (error.kind != "driver" and _is_ours(wrong.file)):
            return None
        return self._described(wrong.file, wrong.told, CORRECT)

    def _described(self, file: str, told: str, remedy: str) -> HarnessFault:
        """Return whose fault a description is: ours, to be reported, or the suite's."""
        if _is_ours(file):
            return HarnessFault(told, OURS_TOO if remedy == CORRECT else f"{OURS_TOO}. {remedy}")
        return VendorFault(told, remedy, whose=f"the suite of {self.vendor}" if self.vendor else "the suite")

    def fault(self, what: str, remedy: str = "", words: Iterable[str] = ()) -> DriverFault:
        """Return that it did `what`, with what to do, by default to try it alone, and the last of its words on stderr."""
        told = remedy or (OURS if self.text.startswith(READY) else STRANGE).format(self.trial)
        return DriverFault(f"{self} {what}", told + last_words(words))


def _is_ours(file: str) -> bool:
    """Tell whether a description is part of mockvendors."""
    return Path(file).resolve().is_relative_to(paths.suites())


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
