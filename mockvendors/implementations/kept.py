"""Folders in the user's cache: each made once, whoever asks for it and however many at a time.

A folder is made where it stays, under a lock, and counts only once its mark is written, which is the last step. What a killed
run left has no mark and is made anew. The program that fills it holds the lock too: while one runs that outlived its run,
nobody touches what it writes to.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from mockvendors import limits, paths
from mockvendors.errors import EnvironmentFault
from mockvendors.lock import locked

LAYOUT = "1"
"""Of a folder and its mark; with another number, all of them are made anew."""
MARK = "ready.json"
DIGEST = 12
"""Hexadecimal digits in a folder's name."""

Made = TypeVar("Made")


def root(kind: str) -> Path:
    """Return the folder that holds all of one kind; it may not exist yet."""
    return paths.cache().absolute() / kind


def digest(*key: str) -> str:
    """Return what tells folders apart by all that goes into them."""
    return hashlib.sha256("\0".join([LAYOUT, *key]).encode()).hexdigest()[:DIGEST]


def once(
    folder: Path, ready: Callable[[], Made | None], make: Callable[[int], Made], say: Callable[[str], None], cannot: str
) -> Made:
    """Return what a folder holds, which `make` fills where it is not `ready`.

    `make` takes the lock's descriptor, for a program that is to hold it too; `cannot` says in words what the disk refuses.
    Raises what `make` raises, EnvironmentFault.
    """
    if found := ready():
        return found
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = folder.with_name(f"{folder.name}.lock")
        with locked(lock, limits.scaled(limits.ENVIRONMENT_MAKE), say, f"another run, which makes {folder}") as held:
            return ready() or make(held)
    except OSError as why:
        raise EnvironmentFault(
            f"{cannot} {folder.parent} ({why.strerror or why})",
            "Make room there and let yourself write, or name another folder: export XDG_CACHE_HOME=...",
        ) from why


@contextmanager
def whole_or_gone(folder: Path) -> Iterator[None]:
    """Begin without the folder, and leave none where what is done here does not come to its end."""
    shutil.rmtree(folder, ignore_errors=True)
    made = False
    try:
        yield
        made = True
    finally:
        if not made:
            shutil.rmtree(folder, ignore_errors=True)


def mark(folder: Path, told: dict[str, Any]) -> None:
    """Write that a folder is ready, with what is to be known of it."""
    new = folder / f"{MARK}.new"
    new.write_text(json.dumps(told, indent=2))
    new.replace(folder / MARK)
