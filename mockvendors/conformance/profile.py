"""Profiles: which rules make an implementation conformant, frozen with a release.

A profile is a file `profiles/<release>.yaml` beside the contract of its vendor, or beside the framework's rules:

    profile: anam/2026.1
    includes: [avatar-core/2026.1]
    rules: [anam.size.pair, ...]

A rule that comes later is judged, shown and fails a run as any other, but is not scored: who conformed to a profile once
does not lose that by a new rule. A vendor of somebody else has the profile of every vendor, and may bring its own.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from mockvendors import paths
from mockvendors.contract import document
from mockvendors.errors import UsageFault
from mockvendors.nearest import remedy
from mockvendors.registry import registration

CORE = "avatar-core"
"""The profiles of every vendor."""
RELEASE = re.compile(r"\d{4}\.\d+")
"""Year and number: the name of a file, and the second part of a profile's name."""
FIELDS = {"profile", "includes", "rules"}


@dataclass(frozen=True)
class Profile:
    """The rules that make conformant, with those of the profiles that it includes."""

    name: str
    rules: frozenset[str]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the rules: two profiles of one digest ask the same."""
        return f"sha256:{hashlib.sha256(chr(10).join(sorted(self.rules)).encode()).hexdigest()}"

    def scores(self, rules: Collection[str]) -> bool:
        """Tell whether a case of these rules counts: one of them is in the profile, or nobody knows what it judges."""
        return not rules or not self.rules.isdisjoint(rules)


def names(vendor: str) -> list[str]:
    """Return the profiles that a vendor's suite can be held against, from the oldest to the newest; its own come last."""
    return [*_names(CORE), *_names(vendor)]


def choose(vendor: str, asked: str | None = None) -> Profile:
    """Return the profile of that name, or the newest of the vendor's own, else of every vendor's.

    Raises UsageFault for a name that the vendor does not have, and for a file that is no profile.
    """
    known = names(vendor)
    if asked is not None and asked not in known:
        raise UsageFault(f"there is no profile {asked[:60]!r} for the vendor {vendor}", remedy(asked, known))
    return load(asked if asked is not None else known[-1], vendor)


def load(name: str, vendor: str) -> Profile:
    """Return a profile by its name. Raises UsageFault with file and remedy for one that is broken."""
    family, _, release = name.partition("/")
    path = _folder(family) / f"{release}.yaml"
    raw = document.read(path)
    if wrong := sorted(set(raw) - FIELDS):
        raise UsageFault(f"{path} has an unknown field {wrong[0]!r}", f"A profile has {', '.join(sorted(FIELDS))}")
    if raw.get("profile") != name:
        raise UsageFault(f"{path} says that it is {raw.get('profile')!r}", f"There lies {name}: name it so, or move it")
    includes, rules = _texts(path, "includes", raw.get("includes", [])), _texts(path, "rules", raw.get("rules", []))
    before = names(vendor)[: names(vendor).index(name)]
    if strange := [one for one in includes if one not in before]:
        raise UsageFault(
            f"{path} includes {strange[0]!r}, which is none of an earlier time", f"Known: {', '.join(before) or 'none'}"
        )
    return Profile(name, frozenset(rules).union(*(load(one, vendor).rules for one in includes)))


def check_rules(name: str, rules: Iterable[str], known: Collection[str]) -> None:
    """Refuse a profile that names a rule which no contract holds: nobody could ever show that it is kept."""
    for rule in sorted(set(rules) - set(known)):
        told = remedy(rule, sorted(known), "remove it from the profile, or bring it back into the contract")
        raise UsageFault(f"the profile {name} names the rule {rule!r}, which no contract holds", told)


def _names(family: str) -> list[str]:
    found = [path.stem for path in _folder(family).glob("*.yaml") if RELEASE.fullmatch(path.stem)]
    return [f"{family}/{release}" for release in sorted(found, key=Version)]


def _folder(family: str) -> Path:
    return (paths.contracts() / "core" if family == CORE else registration(family).contract.parent) / "profiles"


def _texts(path: Path, field: str, value: object) -> Iterable[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UsageFault(f"{path}: {field} is no list of names", f"Write {field}: [...], or one name a line behind a dash")
    if twice := [each for number, each in enumerate(value) if each in value[:number]]:
        raise UsageFault(f"{path}: {field} names {twice[0]} twice", "Remove one of them")
    return value
