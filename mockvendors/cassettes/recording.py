"""A recording: a directory `<vendor>/<recording>/` with a header and the cassettes that it names."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mockvendors import paths
from mockvendors.cassettes import format as cassette_format
from mockvendors.cassettes.format import AGAIN
from mockvendors.cassettes.header import NAME, CassetteFile, Header
from mockvendors.cassettes.interaction import Interaction
from mockvendors.cassettes.naming import PLAIN
from mockvendors.cassettes.origin import is_vendors
from mockvendors.cassettes.scan import Scanner
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from mockvendors.files import write_whole

FOLDER = Path("fixtures", "cassettes")
"""Where recordings lie in a project, one folder a vendor below it."""
_MORE = "-more.yaml"
"""Ending of a cassette that has grown, until the recording is finished."""


@dataclass(frozen=True)
class Cassette:
    """One file of a recording."""

    name: str
    interactions: tuple[Interaction, ...]
    asked: str = ""
    """What a mock was asked for before: faults, settings. Its answers are not those that it usually gives."""


@dataclass(frozen=True)
class Recording:
    """A recording that was read and found whole."""

    folder: Path
    header: Header
    cassettes: tuple[Cassette, ...]

    @property
    def is_evidence(self) -> bool:
        """Whether it shows what the vendor does; one of a mock never does."""
        return self.header.against == "vendor"

    @property
    def age(self) -> timedelta:
        """The time since it was recorded."""
        return datetime.now(UTC) - self.header.time

    def placed(self) -> Iterator[tuple[str, Interaction]]:
        """Yield each interaction with the place that errors and reports call it by."""
        for cassette in self.cassettes:
            for number, interaction in enumerate(cassette.interactions, 1):
                yield f"{self.folder.name}/{cassette.name}, interaction {number}", interaction


def find_recordings(vendor: str, root: Path | None = None) -> list[Path]:
    """Return the folders of a vendor's recordings below `root` (default: those of this project), by name.

    One that has cassettes and no header is among them: `read_recording` says what is wrong with it. An empty folder is one in
    the making.
    """
    folder = (root or paths.fixtures() / "cassettes") / vendor
    return sorted({path.parent for path in (*folder.glob(f"*/{NAME}"), *folder.glob("*/*.yaml"))})


def read_recording(folder: Path, contract: Contract) -> Recording:
    """Return a recording of the contract's vendor; a UsageFault names file, place and remedy of what is wrong with it."""
    place = str(folder / NAME)
    header = Header.loads(_read(folder / NAME, place), place)
    if header.vendor != contract.vendor:
        raise UsageFault(
            f"{place}: of the vendor {header.vendor}, not {contract.vendor}", f"Name a recording of {contract.vendor}"
        )
    listed = {cassette.name for cassette in header.cassettes}
    strangers = sorted(path.name for path in folder.glob("*.yaml") if path.name not in listed)
    if strangers:
        remedy = "Remove it: it was added by hand, or left by a recording that was cut off"
        raise UsageFault(f"{folder / strangers[0]}: not named in {NAME}", remedy)
    recording = Recording(folder, header, tuple(_cassette(folder, entry) for entry in header.cassettes))
    answers = [interaction.answer for _, interaction in recording.placed()]
    if recording.is_evidence and not is_vendors(header.upstream, answers, contract):
        raise UsageFault(f"{place}: says `vendor`, but a mock answered or {header.upstream} is not the vendor's", AGAIN)
    return recording


def _cassette(folder: Path, entry: CassetteFile) -> Cassette:
    place = str(folder / entry.name)
    if not PLAIN.fullmatch(entry.name):
        raise UsageFault(f"{folder / NAME}: a cassette's name is not that of a file", AGAIN)
    data = _read(folder / entry.name, place)
    entry.check(data, place)
    interactions = cassette_format.loads(data, place)
    if len(interactions) != entry.interactions:
        raise UsageFault(f"{place}: {len(interactions)} interactions; {NAME} says {entry.interactions}", AGAIN)
    return Cassette(entry.name, interactions, entry.asked)


def _read(path: Path, place: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageFault(f"{place}: missing", AGAIN) from error
    except OSError as error:
        raise UsageFault(f"{place}: cannot be read: {error.strerror}", AGAIN) from error


class RecordingWriter:
    """Writes a recording so that at every moment its header fits its cassettes: the header is replaced last.

    A cassette that grows is written under a second name first; what a kill in between leaves is a file that no header
    names, which a reader tells.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[str, CassetteFile] = {}

    def put(self, name: str, interactions: tuple[Interaction, ...], header: Header, scanner: Scanner, asked: str = "") -> None:
        """Write the cassette `name` in its present state, then the header.

        SecretFound, and UsageFault for a name that no reader takes, are raised before anything is written.
        """
        if not PLAIN.fullmatch(f"{name}{_MORE}"):
            raise UsageFault("A cassette's name is not that of a file", "Use at most 70 letters, digits, dots and dashes")
        data = cassette_format.dumps(interactions)
        old = self._files.get(name)
        file = f"{name}{_MORE}" if old and old.name == f"{name}.yaml" else f"{name}.yaml"
        scanner.check(file, interactions, data, label=header.implementation, name=name, asked=asked)
        self._files[name] = CassetteFile.of(file, len(interactions), data, asked)
        write_whole(self.folder / file, data)
        write_whole(self.folder / NAME, _complete(header, self._files))
        if old is not None:
            with suppress(OSError):
                (self.folder / old.name).unlink()

    def finish(self, header: Header) -> None:
        """Give every cassette its own name, and write the header for the last time."""
        for name, file in self._files.items():
            if file.name != f"{name}.yaml":
                data = (self.folder / file.name).read_bytes()
                self._files[name] = CassetteFile.of(f"{name}.yaml", file.interactions, data, file.asked)
                write_whole(self.folder / f"{name}.yaml", data)
                write_whole(self.folder / NAME, _complete(header, self._files))
                (self.folder / file.name).unlink()
        if self._files:
            write_whole(self.folder / NAME, _complete(header, self._files))


def _complete(header: Header, files: dict[str, CassetteFile]) -> bytes:
    return header.with_cassettes(tuple(files[name] for name in sorted(files))).dumps()
