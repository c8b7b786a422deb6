"""Takes what was exchanged, scrubs it at once, and keeps the recording on the disk up to date."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from mockvendors import __version__
from mockvendors.cassettes.dress import SHORTEST, parts, runs_of, variants
from mockvendors.cassettes.header import Header, now
from mockvendors.cassettes.interaction import Interaction
from mockvendors.cassettes.origin import Upstream, is_marked, is_vendors
from mockvendors.cassettes.recording import RecordingWriter
from mockvendors.cassettes.scan import Scanner, clear_text
from mockvendors.cassettes.scrub import Scrubber
from mockvendors.cassettes.standins import UPSTREAM
from mockvendors.contract import Contract
from mockvendors.errors import HarnessFault, UsageFault

MOST = 1000
"""Interactions of one recording; it is kept in memory, and read by people."""
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
_SHORTEST = 8
"""Characters of a variable that is taken for a secret; shorter ones are words."""


def named_secrets(environment: Mapping[str, str] = os.environ) -> set[str]:
    """Return the values of every environment variable whose name is that of a secret."""
    return {value for name, value in environment.items() if _SECRET.search(name) and len(value) >= _SHORTEST}


@dataclass
class Recorder:
    """One recording in the making. Only what is scrubbed and scanned is kept; nothing raw outlives `add`."""

    contract: Contract
    upstream: Upstream
    folder: Path
    implementation: str = ""
    secrets: set[str] = field(default_factory=named_secrets)
    missing: int = 0
    """Requests that are not in the recording."""
    own_tls: bool = True
    """Whether our own connection has proved who answers; what a client inside of its process says of its TLS proves nothing."""

    options: Mapping[str, str] = field(default_factory=dict)
    """Values of the sender's account, by the option of the suite in whose place they are sent."""

    def __post_init__(self) -> None:
        self.scrubber = Scrubber(self.contract, self.upstream, self.secrets)
        self._replaced = {name: self.scrubber.stand_in(value) for name, value in self.options.items()}
        self._began = now()
        self._cassettes: dict[str, list[Interaction]] = {}
        self._clear: dict[str, list[str]] = {}
        self._changed: set[str] = set()
        self._asked: dict[str, str] = {}
        self._is_mock = False
        self._writer = RecordingWriter(self.folder)
        scanner = self._strict()
        for what, text in (("label of the implementation", self.implementation), ("name of the recording", self.folder.name)):
            for finding in scanner.text(text, what):
                raise UsageFault(f"The {what} holds {finding.kind}", "Give a name and a version alone")

    @property
    def count(self) -> int:
        """How many interactions there are."""
        return sum(len(interactions) for interactions in self._cassettes.values())

    @property
    def summary(self) -> str:
        """What was recorded against whom, in a line."""
        if not self._cassettes:
            return f"Nothing was recorded ({self.missing} without a whole answer, or refused); nothing was written."
        whom = "the vendor" if self._header().against == "vendor" else f"{self._stand_in()}: no evidence about the vendor"
        missing = f", {self.missing} not recorded" if self.missing else ""
        replaced = f"; replaced: {', '.join(self.options)}" if self.options else ""
        counted = f"{self.count} interaction{'' if self.count == 1 else 's'}{missing}"
        return f"{counted}, recorded against {whom}: {self.folder}{replaced}"

    def begin(self, cassette: str, asked: str = "") -> None:
        """Take a cassette in which there may be nothing at all; `asked` tells what a mock was asked for before."""
        if cassette in self._cassettes:
            raise HarnessFault(f"two cases have a cassette named {cassette}", "Rename one of them")
        self._scanner().check(cassette, (), name=cassette, asked=asked)
        self._cassettes[cassette] = []
        self._clear[cassette] = []
        self._changed.add(cassette)
        self._asked[cassette] = asked

    def drop(self, cassette: str) -> None:
        """Leave out a cassette that was begun and cannot be written."""
        self.missing += len(self._cassettes.pop(cassette, ()))
        self._clear.pop(cassette, None)
        self._changed.discard(cassette)

    def add(self, cassette: str, raw: Interaction) -> int:
        """Take an interaction, and return its number in the recording; raises SecretFound, and then keeps nothing of it."""
        if self.count >= MOST:
            raise UsageFault(f"The recording has {MOST} interactions", "Begin another one")
        known, secrets = self.scrubber.originals, self.scrubber.secrets
        self._is_mock = self._is_mock or is_marked(raw.answer)
        scrubbed = self.scrubber.interaction(raw)
        self._again(self.scrubber.originals - known, self.scrubber.secrets - secrets)
        self._scanner().check("this request", [scrubbed])
        self._cassettes.setdefault(cassette, []).append(scrubbed)
        self._clear.setdefault(cassette, []).append(clear_text(scrubbed, self.scrubber.public))
        self._changed.add(cassette)
        return self.count

    def move(self, upstream: Upstream) -> None:
        """Go on with the same upstream at another address: tests start their own servers, on free ports."""
        self.upstream = upstream
        self.scrubber.behind(upstream)

    def save(self) -> Callable[[], None]:
        """Return what writes every cassette that has changed; it may run in a thread while more is added, one at a time."""
        snapshot = {name: tuple(self._cassettes[name]) for name in sorted(self._changed)}
        header, scanner = self._header(), self._scanner()
        self._changed.clear()

        def write() -> None:
            left = set(snapshot)
            try:
                for name, interactions in snapshot.items():
                    self._writer.put(name, interactions, header, scanner, self._asked.get(name, ""))
                    left.discard(name)
            finally:
                self._changed |= left

        return write

    def finish(self) -> None:
        """Write the header for the last time."""
        self._writer.finish(self._header())

    def _again(self, learnt: frozenset[str], secrets: frozenset[str]) -> None:
        """Scrub once more what holds, in clear, what is known to be somebody's own only now, or a part of a new secret."""
        values = {value.casefold() for value in learnt if len(value) >= SHORTEST}
        values |= {variant for secret in secrets for variant in variants(secret)}
        pieces = parts(secrets)
        for name, interactions in self._cassettes.items():
            for place, text in enumerate(self._clear[name]):
                if any(value in text for value in values) or any(runs_of(text, pieces)):
                    interactions[place] = self.scrubber.interaction(interactions[place])
                    self._clear[name][place] = clear_text(interactions[place], self.scrubber.public)
                    self._changed.add(name)

    def _stand_in(self) -> str:
        """Return what is said of an answer that is not proved to be the vendor's."""
        is_unproved = not self.own_tls and not self._is_mock and is_vendors(self.upstream.shown, (), self.contract)
        return "a server that only the client's own TLS has proved" if is_unproved else "a mock"

    @property
    def _shown(self) -> str:
        """What the header says of the upstream; a host that looks like a secret has a stand-in."""
        shown = self.upstream.shown
        return f"{self.upstream.scheme}://{UPSTREAM}" if self._strict().text(self.upstream.host, "host") else shown

    def _strict(self) -> Scanner:
        """Return what looks through a text that is not of an interaction."""
        return Scanner(self.scrubber.public, self.scrubber.secrets)

    def _scanner(self) -> Scanner:
        return Scanner(self.scrubber.public, self.scrubber.secrets, self.scrubber.originals)

    def _header(self) -> Header:
        mine = self.own_tls and is_vendors(self.upstream.shown, (), self.contract) and not self._is_mock
        return Header(
            vendor=self.contract.vendor,
            recorded=self._began,
            against="vendor" if mine else "mock",
            upstream=self._shown,
            implementation=self.implementation,
            mockvendors=__version__,
            contract=self.contract.version,
            missing=self.missing,
            replaced=self._replaced or msgspec.UNSET,
        )
