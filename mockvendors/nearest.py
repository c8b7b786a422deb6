"""The name that may have been meant by one that does not exist, and how a message tells it: one cut-off, and the same words."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

ALIKE = 0.5
"""Likeness of two names, from 0 to 1, from which on one may be meant by the other."""
FEW = 3
"""Names that a remedy tells."""
LINE = 200
"""Characters of known names that a person reads through; where they are more, it is told where they stand."""


def near(name: str, known: Iterable[str], most: int = 1, alike: float = ALIKE) -> list[str]:
    """Return at most so many names that may be meant, the likest first, else those that contain the name. Case does not count."""
    wanted, by_case = name.strip().lower(), {each.lower(): each for each in known}
    found = get_close_matches(wanted, by_case, most, alike) or [low for low in by_case if wanted and wanted in low]
    return [by_case[low] for low in found[:most]]


def beside(names: Collection[str]) -> str:
    """Return in brackets the names that may be meant, to stand behind what is wrong; empty where there are none."""
    return f" (nearest: {', '.join(names)})" if names else ""


def remedy(name: str, known: Collection[str], where: str = "") -> str:
    """Return the names that may be meant, else all of them; then `where` they stand, which does alone for too many to read."""
    every = ", ".join(known) or "none"
    if names := near(name, known, most=FEW):
        told = [f"Nearest: {', '.join(names)}"]
    else:
        told = [] if where and len(every) > LINE else [f"Known: {every}"]
    told += [where] if told and where else [where[:1].upper() + where[1:]] if where else []
    return "; ".join(told)
