"""Known failures of an implementation, listed with their reason in a TOML file.

    [[expected]]
    match = "test_transport.py::*::test_stall_is_bounded"   # * stands for any text, in the case's id below the suite
    outcome = "fail"                                        # fail, timeout, crash or warn
    reason = "start() has no read or total time-out (Q1 of the sheet)"
    rule = "core.start.bounded"
    versions = ">=1.2"                                      # optional, of the implementation
    when = { os = "linux" }                                 # optional: where it fails; os, kind, framework, implementation
    until = 2027-03-31                                      # optional: the last day on which it is excused
    link = "https://example.org/issues/1"                   # optional, for people

An entry that matches no case, names an unknown rule, says what another says already, is past its day or has no reason yet, and a
listed failure that passes, are errors: the list is kept true. `mockvendors expect update` writes it from a report.
"""

import fnmatch
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from mockvendors.conformance.expectations_when import alike, circumstances
from mockvendors.conformance.verdict import EXCUSABLE, Verdict
from mockvendors.errors import UsageFault
from mockvendors.nearest import beside, near, remedy

REQUIRED = {"match", "outcome", "reason"}
TEXTS = REQUIRED | {"rule", "versions", "link"}
FIELDS = TEXTS | {"when", "until"}

PLACEHOLDER = "TODO: say why it fails"
"""The reason that `mockvendors expect update` gives an entry until a person writes one; no run takes it."""


@dataclass(frozen=True)
class Expectation:
    """One listed failure."""

    match: str
    outcome: Verdict
    reason: str
    rule: str | None = None
    versions: str | None = None
    when: frozenset[tuple[str, str]] = frozenset()
    until: date | None = None
    link: str | None = None

    @property
    def told(self) -> str:
        """Return the reason, with what a reader of it may want to follow."""
        more = [self.link or "", f"until {self.until}" if self.until else ""]
        return " · ".join(filter(None, [self.reason, *more]))

    @property
    def waits(self) -> bool:
        """Whether nobody has written a reason yet: no run takes it."""
        return not self.reason.strip() or self.reason == PLACEHOLDER

    def applies_to(self, version: str, circumstances: Mapping[str, str]) -> bool:
        """Tell whether it is meant for this version of the implementation, here."""
        its_version = self.versions is None or SpecifierSet(self.versions).contains(version, prereleases=True)
        return its_version and alike(self.when) <= alike(circumstances.items())

    def covers(self, other: "Expectation") -> bool:
        """Tell whether it excuses, in each case that both match, whatever the other does: same outcome, no narrower otherwise."""
        rules = self.rule in {None, other.rule}
        versions = set(SpecifierSet(self.versions or "")) <= set(SpecifierSet(other.versions or ""))
        return self.outcome is other.outcome and rules and versions and alike(self.when) <= alike(other.when)

    def matches(self, case: str) -> bool:
        """Tell whether a case's id, as `test_size.py::TestSize::test_refused[1152x768]`, is meant."""
        return meant(self.match, case)


def meant(pattern: str, case: str) -> bool:
    """Tell whether a pattern means a case: `*` is any text, all else is literal."""
    return fnmatch.fnmatchcase(case, pattern.replace("[", "[[]").replace("?", "[?]"))


def load(path: Path) -> tuple[Expectation, ...]:
    """Read the file for a run. Raises UsageFault with file, entry and remedy, also for an entry without a reason yet."""
    entries = parse(path, read(path))
    for number, entry in enumerate(entries, 1):
        if entry.waits:
            raise UsageFault(
                f"{path}, entry {number} ({entry.match}) has no reason yet", f"Write why it fails in place of {entry.reason!r}"
            )
    return entries


def read(path: Path) -> str:
    """Return the file's text. Raises UsageFault."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as exc:
        raise UsageFault(f"the expectations file {path} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise UsageFault(f"the expectations file {path} is not TOML: {exc}") from exc


def parse(path: Path, text: str) -> tuple[Expectation, ...]:
    """Return the entries of a text; `path` is where it stands. Raises UsageFault with file, entry and remedy."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise UsageFault(f"the expectations file {path} is not TOML: {exc}") from exc
    entries = data.get("expected", [])
    if set(data) - {"expected"} or not isinstance(entries, list):
        raise UsageFault(f"{path} holds {sorted(data)}", "Only [[expected]] tables are known")
    return tuple(_entry(path, number, entry) for number, entry in enumerate(entries, 1))


def _entry(path: Path, number: int, entry: object) -> Expectation:
    where = f"{path}, entry {number}"
    if not isinstance(entry, dict):
        raise UsageFault(f"{where} is no table", "Write it under [[expected]]")
    if unknown := sorted(set(entry) - FIELDS):
        raise UsageFault(f"{where} has an unknown field {unknown[0]!r}", remedy(unknown[0], sorted(FIELDS)))
    if missing := sorted(REQUIRED - set(entry)):
        raise UsageFault(f"{where} lacks {', '.join(missing)}", f"Each entry needs {', '.join(sorted(REQUIRED))}")
    if numbers := [name for name, value in entry.items() if name in TEXTS and not isinstance(value, str)]:
        raise UsageFault(f"{where}: {numbers[0]} is no text", "Put it in quotes")
    allowed = {v.value: v for v in EXCUSABLE}
    if entry["outcome"] not in allowed:
        raise UsageFault(
            f"{where} lists the outcome {entry['outcome']!r}", f"One of {', '.join(sorted(allowed))} can be expected"
        )
    try:
        SpecifierSet(entry.get("versions", ""))
    except InvalidSpecifier as exc:
        raise UsageFault(f"{where}: {exc}", "Write versions as in requirements, for example >=1.8.3,<2") from exc
    return Expectation(
        **{name: entry[name] for name in TEXTS & set(entry) - {"outcome"}},
        outcome=allowed[entry["outcome"]],
        when=circumstances(where, entry.get("when", {})),
        until=_until(where, entry.get("until")),
    )


def _until(where: str, day: object) -> date | None:
    if day is None:
        return None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise UsageFault(f"{where}: until is no day", "Write for example until = 2027-03-31, without quotes")
    if day < datetime.now(UTC).date():
        raise UsageFault(
            f"{where} was excused until {day}", "Remove it when that is mended, else look again and name another day"
        )
    return day


def check_rules(path: Path, expectations: Iterable[Expectation], known: Collection[str]) -> None:
    """Refuse an entry whose rule no contract holds: it would excuse nothing, and nobody would learn why."""
    for number, expectation in enumerate(expectations, 1):
        if expectation.rule is not None and expectation.rule not in known:
            raise UsageFault(
                f"{path}, entry {number} ({expectation.match}) names the rule {expectation.rule!r}, which no contract holds",
                remedy(
                    expectation.rule,
                    sorted(known),
                    "`mockvendors contract VENDOR` and `mockvendors contract core` list all rules",
                ),
            )


def unmatched(expectations: Iterable[Expectation], cases: Iterable[str]) -> list[str]:
    """Return a line for each entry that matches none of the suite's cases, with the nearest names."""
    known = list(cases)
    without = [entry for entry in expectations if not any(entry.matches(case) for case in known)]
    return [f"{entry.match!r} matches no case of the suite{beside(near(entry.match, known))}" for entry in without]


def shadowed(expectations: Iterable[Expectation], cases: Iterable[str]) -> list[str]:
    """Return a line for each entry that can never act, since others excuse whatever it does in each of its cases."""
    known = list(cases)
    useful = list(enumerate(expectations))
    lines = []
    for number, entry in reversed(list(useful)):  # of two that are alike the later one is told
        others = [other for its_number, other in useful if its_number != number and other.covers(entry)]
        over = [next((o for o in others if o.matches(case)), None) for case in known if entry.matches(case)]
        if over and None not in over:
            useful.remove((number, entry))
            names = ", ".join(dict.fromkeys(repr(other.match) for other in over if other is not None))
            lines.append(f"{entry.match!r} ({entry.reason}) can never act: {names} excuses all that it does")
    return lines[::-1]
