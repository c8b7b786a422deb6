"""What a history is made of: who is judged, and why each change came, as a person wrote it down.

    vendor = "anam"

    [implementations]                                   # from the oldest to the newest: its name here, its connect string
    "1.5.17" = "agents:livekit.plugins.anam==1.5.17"
    "1.6.0" = "agents:livekit.plugins.anam==1.6.0"

    [[change]]
    between = ["1.5.17", "1.6.0"]                       # two that stand beside each other
    match = ["test_size.py::*"]                         # cases; * is any text
    outcomes = ["not claimed", "pass"]                  # optional: only changes from the one to the other
    why = "The size can be asked for."
    source = "both versions compared"

    [[known]]                                           # optional: what was known of one of them before
    of = "1.5.17"
    match = ["test_errors.py::*::test_retry[500]"]      # the cases that find it
    what = "A status is never asked again."
    source = "its changelog"

Of several entries that fit a change the first one explains it. An entry that explains nothing, and a known defect that its cases
do not find, are errors.
"""

import fnmatch
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec

from mockvendors.errors import UsageFault
from mockvendors.implementations.connect import connect
from mockvendors.report.words import ORDER

Text = Annotated[str, msgspec.Meta(min_length=1)]


class Explanation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why some cases say something else of one implementation than of the one before it."""

    between: tuple[Text, Text]
    match: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    why: Text
    source: Text
    """What it rests on: evidence of before, or that it is newly found."""
    outcomes: tuple[Text, Text] | None = None

    def explains(self, between: tuple[str, str], case: str, outcomes: tuple[str, str]) -> bool:
        """Tell whether a change is meant."""
        return _meant(self.match, case) and self.between == between and self.outcomes in {None, outcomes}


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A defect that was known before, and is to be found by these cases."""

    of: Text
    match: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    what: Text
    source: Text

    def finds(self, case: str) -> bool:
        """Tell whether a case is one that finds it."""
        return _meant(self.match, case)


def _meant(patterns: tuple[str, ...], case: str) -> bool:
    """Tell whether a pattern fits; `[` in one is literal."""
    return any(fnmatch.fnmatchcase(case, pattern.replace("[", "[[]")) for pattern in patterns)


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One history."""

    vendor: Text
    implementations: Annotated[dict[Text, Text], msgspec.Meta(min_length=2)]
    """What each is called, and its connect string, in their order."""
    change: list[Explanation] = []
    known: list[Known] = []


def load(path: Path) -> Plan:
    """Return the plan in a file. Raises UsageFault with the place and the remedy."""
    try:
        plan = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Plan)
    except OSError as exc:
        raise UsageFault(f"the history {path} cannot be read: {exc.strerror}", "`mockvendors history --help` shows one") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise UsageFault(f"the history {path} is not TOML: {exc}") from exc
    except msgspec.ValidationError as exc:
        raise UsageFault(f"{path}: {exc}", "`mockvendors history --help` shows how it is written") from exc
    _check_names(path, plan)
    _check_changes(path, plan)
    for text in plan.implementations.values():
        connect(text)
    return plan


def file_name(label: str) -> str:
    """Return what the files of an implementation are called, without a suffix."""
    return re.sub(r"[^a-z0-9.]+", "-", label.lower()).strip("-.")


def _check_names(path: Path, plan: Plan) -> None:
    names: dict[str, str] = {}
    for label in plan.implementations:
        name = file_name(label)
        if not name or name in names:
            other = f" and {names[name]!r}" if name else ""
            raise UsageFault(f"{path}: {label!r}{other} cannot be told apart as names of files", "Write letters and digits")
        names[name] = label
    texts = list(plan.implementations.values())
    if twice := next((text for text in texts if texts.count(text) > 1), None):
        raise UsageFault(f"{path} names {twice} twice", "Remove one")


def _check_changes(path: Path, plan: Plan) -> None:
    neighbours = list(pairwise(plan.implementations))
    for number, entry in enumerate(plan.change, 1):
        if entry.between not in neighbours:
            known = ", ".join(f"{before} and {after}" for before, after in neighbours)
            raise UsageFault(
                f"{path}, change {number}: {' and '.join(entry.between)} do not stand beside each other", f"These do: {known}"
            )
        if strange := [word for word in entry.outcomes or () if word not in ORDER]:
            raise UsageFault(f"{path}, change {number}: there is no outcome {strange[0]!r}", f"Known: {', '.join(ORDER)}")
    for number, defect in enumerate(plan.known, 1):
        if defect.of not in plan.implementations:
            known = ", ".join(plan.implementations)
            raise UsageFault(f"{path}, known {number}: {defect.of!r} is none of the implementations", f"These are: {known}")
