"""Vendors by name: what the installed packages, this one among them, offer under the entry points `mockvendors.vendors`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from mockvendors.errors import UsageFault
from mockvendors.nearest import remedy

GROUP = "mockvendors.vendors"
_LONGEST = 60
"""Characters of a wrong name that are repeated."""


@dataclass(frozen=True)
class Registration:
    """What a package offers as a vendor. It is loaded for its contract alone too: heavy imports wait for `create`."""

    contract: Path
    """The file with the vendor's contract."""
    create: Callable[[Any], Any]
    """Makes the `mockvendors.vendor.Vendor` of a `mockvendors.contract.Contract`."""
    suite: Path | None = None
    """The folder of its cases, with their traits.py; None: it is served and not judged."""


def registration(vendor: str) -> Registration:
    """Return what is offered under a name. UsageFault: nobody offers it, two do, or it cannot be loaded."""
    found = list(entry_points(group=GROUP, name=vendor))
    if not found:
        known = ", ".join(names()) or "none; install mockvendors again"
        raise UsageFault(f"There is no vendor {vendor[:_LONGEST]!r}", f"Known vendors: {known}")
    if len(found) > 1:
        packages = ", ".join(sorted(map(_package, found)))
        raise UsageFault(f"The vendor {vendor} is offered by {len(found)} packages: {packages}", "Uninstall all but one")
    return _loaded(found[0])


def suite(vendor: str) -> Path:
    """Return the folder of a vendor's cases. UsageFault: as of `registration`, or it has none."""
    if vendor not in names():
        raise UsageFault(f"There is no suite for a vendor {vendor[:_LONGEST]!r}", remedy(vendor, names()))
    folder = registration(vendor).suite
    if folder is None or not (folder / "traits.py").is_file():
        raise UsageFault(f"The vendor {vendor} has no suite", f"Register a folder with traits.py (registered: {folder})")
    return folder


def names() -> list[str]:
    """Return the names of all vendors that are offered."""
    return sorted({found.name for found in entry_points(group=GROUP)})


def _loaded(found: EntryPoint) -> Registration:
    what = f"The vendor {found.name} of {_package(found)} cannot be loaded from {found.value}"
    try:
        value = found.load()
    except (Exception, SystemExit) as error:
        cause = " ".join(f"{type(error).__name__}: {error}".split())
        raise UsageFault(f"{what}: {cause}", "Correct that package, or install it again") from error
    if not isinstance(value, Registration):
        raise UsageFault(f"{what}: it is of the type {type(value).__name__}", "Name a mockvendors.registry.Registration there")
    return value


def _package(found: EntryPoint) -> str:
    return f"{found.dist.name} {found.dist.version}" if found.dist else "an unknown package"
