"""By what is judged: the same code, contract and cases say the same of the same plugin, so that no run has to be made again.

Every report carries it in its header; nothing else says what judged.
"""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec

from mockvendors import paths
from mockvendors.registry import registration, suite

PACKAGE = Path(__file__).parents[1]
SAYS_NOTHING = {"cli", "drift", "history", "inspector", "mutants", "report", "verify", "__pycache__"}
"""Folders of the package that have no say in a verdict."""
CODE = ("*.py", "*.mjs", "*.schema.json")
_UNSEEN = {".venv", "node_modules", "__pycache__"}
"""Folders of other people's code that may lie below a suite."""
_LIMIT = 10.0
"""Seconds for a word of git."""


class JudgedBy(msgspec.Struct, frozen=True):
    """What judged."""

    digest: str
    commit: str = ""
    """Of the folder of the cases; empty where that is no checkout."""


def judged_by(vendor: str, cases: Path | None = None) -> JudgedBy:
    """Return by what the plugins of a vendor are judged here; `cases` is a folder of them, by default the vendor's suite.

    Raises UsageFault for an unknown vendor.
    """
    cases = suite(vendor) if cases is None else cases
    contract = registration(vendor).contract
    seen = hashlib.sha256()
    for root, file in _files(cases, contract):
        seen.update(f"{file.relative_to(root).as_posix()}\0".encode() + file.read_bytes() + b"\0")
    return JudgedBy(digested(seen), _commit(cases))


def digested(seen: "hashlib._Hash") -> str:
    """Return a digest as reports write it."""
    return f"sha256:{seen.hexdigest()}"


def _files(cases: Path, contract: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file that has a say, below its root: our code, the cases, contracts, what lies beside one (a vendor's mock)."""
    for pattern in CODE:
        for file in sorted(PACKAGE.rglob(pattern)):
            if not SAYS_NOTHING & set(file.relative_to(PACKAGE).parts[:1]):
                yield PACKAGE, file
        for folder in (cases, contract.parent):
            yield from (
                (folder, file) for file in sorted(folder.rglob(pattern)) if not _UNSEEN & set(file.relative_to(folder).parts)
            )
    yield contract.parent, contract
    core = paths.contracts() / "core"
    yield from ((core, file) for file in sorted(core.glob("*.yaml")))


def _commit(folder: Path) -> str:
    """Return the commit of a checkout, and whether what judges was changed since."""
    head = _git(folder, "rev-parse", "--short", "HEAD")
    if not head or not _git(folder, "ls-files", "--", "."):  # an environment inside of somebody's checkout is not of it
        return ""
    top = Path(_git(folder, "rev-parse", "--show-toplevel"))
    judging = [name for name in ("mockvendors", "contracts", "suites") if (top / name).is_dir()] or ["."]
    changed = _git(top, "status", "--porcelain", "--", *judging)
    code = [line for line in changed.splitlines() if line.endswith((".py", ".mjs", ".yaml"))]
    return f"{head} with changes" if code else head


def _git(folder: Path, *arguments: str) -> str:
    """Return what git says; nothing where there is no git, or no checkout."""
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]  # to look takes nobody's lock
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=True)  # noqa: S603 - fixed words
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
