"""`header.json` of a recording: when, against what, by whom, and what the cassettes beside it must be.

The checksums find accidents and careless edits, not forgery: whoever can write the files can write the header.
"""

import hashlib
from datetime import UTC, datetime
from typing import Literal

import msgspec

from mockvendors.cassettes.format import AGAIN
from mockvendors.errors import UsageFault

FORMAT = 1
"""Of the header and of the scrubbing; a reader refuses every other."""
NAME = "header.json"

Against = Literal["mock", "vendor"]
"""`vendor` only where the vendor's own address was proved; a gateway, a tunnel and a stand-in are all `mock`."""


class CassetteFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a cassette must be to be the one that was recorded."""

    name: str
    interactions: int
    size: int
    """Bytes."""
    sha256: str
    asked: str = ""
    """What a mock was asked for before: faults, settings, without which it answers something else."""

    @classmethod
    def of(cls, name: str, interactions: int, data: bytes, asked: str = "") -> "CassetteFile":
        """Return the entry of a cassette with this content."""
        return cls(name, interactions, len(data), hashlib.sha256(data).hexdigest(), asked)

    def check(self, data: bytes, place: str) -> None:
        """Raise UsageFault when `data` is cut or was edited."""
        if len(data) < self.size:
            raise UsageFault(f"{place}: cut: {len(data)} of {self.size} bytes are there", AGAIN)
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UsageFault(f"{place}: edited since it was recorded: its SHA-256 is not the one in {NAME}", AGAIN)


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one recording is."""

    format: int = FORMAT
    vendor: str
    recorded: str
    """UTC, ISO 8601: when it began."""
    against: Against
    upstream: str
    """Scheme and host of what answered."""
    implementation: str = ""
    """Who sent the requests, with version; a free text."""
    mockvendors: str
    """Version that recorded it."""
    contract: str
    """Version of the vendor's contract at that time."""
    missing: int = 0
    """Requests that are in no cassette: without a whole answer, for which vcrpy's format has no place, or refused by the scan."""
    replaced: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    """Options of the suite that had a value of the sender's account, each with what stands for it; unset where none had."""
    cassettes: tuple[CassetteFile, ...] = ()
    checksum: str = ""
    """SHA-256 of this header without the checksum."""

    @property
    def time(self) -> datetime:
        """When it was recorded, in UTC."""
        return datetime.fromisoformat(self.recorded).astimezone(UTC)

    @property
    def stand_ins(self) -> dict[str, str]:
        """What stands for values of the sender's account, by the suite's option."""
        return {} if isinstance(self.replaced, msgspec.UnsetType) else self.replaced

    def with_cassettes(self, cassettes: tuple[CassetteFile, ...]) -> "Header":
        """Return this header for these cassettes."""
        return msgspec.structs.replace(self, cassettes=cassettes)

    def dumps(self) -> bytes:
        """Return the text of the file, with its checksum."""
        complete = msgspec.structs.replace(self, checksum=self._sum())
        return msgspec.json.format(msgspec.json.encode(complete), indent=2) + b"\n"

    def _sum(self) -> str:
        bare = msgspec.structs.replace(self, checksum="")
        return hashlib.sha256(msgspec.json.encode(bare)).hexdigest()

    @classmethod
    def loads(cls, data: bytes, place: str) -> "Header":
        """Return the header in a file; a UsageFault says what is wrong with it."""
        try:
            given = msgspec.json.decode(data)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise UsageFault(f"{place}: cut or not JSON: {error}", AGAIN) from error
        if not isinstance(given, dict) or "format" not in given:
            raise UsageFault(f"{place}: not the header of a recording", AGAIN)
        if given["format"] != FORMAT:
            remedy = "Record it again, or read it with the version of mockvendors that wrote it"
            raise UsageFault(f"{place}: recording format {given['format']!r:.20}; known: {FORMAT}", remedy)
        try:
            header = msgspec.convert(given, cls)
            moment = datetime.fromisoformat(header.recorded)
        except (msgspec.ValidationError, ValueError) as error:
            raise UsageFault(f"{place}: not the header of a recording: {error}", AGAIN) from error
        if header.checksum != header._sum() or moment.tzinfo is None:  # noqa: SLF001 - its own
            raise UsageFault(f"{place}: edited since it was recorded: its checksum does not fit", AGAIN)
        return header


def now() -> str:
    """Return this second, in UTC, ISO 8601."""
    return datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
