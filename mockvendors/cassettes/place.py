"""The folder of a new recording: made before the first request, which may cost something, and by one recorder alone."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from mockvendors.cassettes.naming import PLAIN
from mockvendors.errors import EnvironmentFault, UsageFault


class _Taken(UsageFault):
    """Another recording has this folder."""


@dataclass(frozen=True)
class Place:
    """A folder that is ours, since we have made it."""

    folder: Path
    made: tuple[Path, ...]
    """Folders that were not there before, the innermost first."""

    @classmethod
    def take(cls, root: Path, vendor: str, names: Iterable[str], remedy: str = "Name another place") -> "Place":
        """Make the folder of a recording with the first of these names that is free.

        UsageFault tells that a name is none, or that the last is taken: nothing is ever overwritten, and of two recorders
        that begin at once one is refused. EnvironmentFault tells what the disk refuses.
        """
        taken: _Taken | None = None
        for name in names:
            try:
                return cls._take(root, vendor, name, remedy)
            except _Taken as fault:
                taken = fault
        raise taken or UsageFault("a recording needs a name", "Give one")

    @classmethod
    def _take(cls, root: Path, vendor: str, name: str, remedy: str) -> "Place":
        if not PLAIN.fullmatch(name):
            raise UsageFault(f"{name!r} cannot be the name of a recording", "Use at most 80 letters, digits, dots and dashes")
        folder, made = root / vendor / name, []
        try:
            for parent in reversed([parent for parent in folder.parents if not parent.is_dir()]):
                with suppress(FileExistsError):  # somebody else has made it meanwhile, unless it is a file
                    parent.mkdir()
                    made.append(parent)
            folder.mkdir()
        except FileExistsError as error:
            told = "Remove it, or choose another name: a recording is never overwritten"
            raise _Taken(f"{folder} is there already", told) from error
        except OSError as error:
            raise EnvironmentFault(f"{folder} cannot be made: {error.strerror or type(error).__name__}", remedy) from error
        return cls(folder, (folder, *reversed(made)))

    def give_back(self) -> None:
        """Remove what was made and is empty: nothing was recorded."""
        for folder in self.made:
            with suppress(OSError):
                folder.rmdir()


def numbered_names(name: str) -> Iterator[str]:
    """Yield a name, and the same with a number, for as long as it is taken."""
    return chain([name], (f"{name}-{number}" for number in count(2)))
