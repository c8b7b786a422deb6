"""A list of known failures made true by a report: what still fails as listed stays, what does not goes, what is new comes.

A report tells of one version on one machine: an entry for others stays untouched. So does one whose cases were not judged: they
did not run, ended in a fault of ours, were not verified or not claimed. A pattern stays as long as each case of it that was
judged fails as it says; else exact entries with its reason take its place. Where a part of the suite ran, nobody knows which
other cases a pattern means: it stays. Warnings keep a run green: none is added.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from mockvendors.conformance.expectations import PLACEHOLDER, Expectation, meant
from mockvendors.conformance.known import excusing, with_list
from mockvendors.conformance.verdict import Verdict
from mockvendors.report.lines import Case

TOLD = frozenset({Verdict.FAIL, Verdict.TIMEOUT, Verdict.CRASH})
"""Outcomes of which an entry is made."""
UNJUDGED = frozenset({Verdict.ERROR, Verdict.NOT_CLAIMED, Verdict.NOT_VERIFIED})


@dataclass(frozen=True)
class Run:
    """What a report says of one implementation."""

    cases: tuple[Case, ...]
    version: str
    here: Mapping[str, str]
    """What an entry's `when` is held against."""
    whole: bool
    """Every case of the suite ran: an entry that matches none of them matches nothing."""


@dataclass(frozen=True)
class Fate:
    """What becomes of one listed entry."""

    entry: Expectation
    stays: tuple[Expectation, ...]
    """The entry itself, nothing, or the exact entries in its place."""
    why: str = ""
    """Why it does not stay as it is."""
    open: bool = False
    """Whether it stays only because a part of the suite ran: of its cases that ran some pass, or fail in another way."""

    @property
    def filled(self) -> bool:
        """Whether it was given the reason that it waited for."""
        return self.entry.waits and bool(self.stays) and not any(entry.waits for entry in self.stays)


@dataclass(frozen=True)
class Reason:
    """Why entries fail that nobody gave a reason yet."""

    text: str = ""
    only: Sequence[str] = ()
    """Patterns of the entries that are meant; none: all."""

    def means(self, entry: Expectation) -> bool:
        """Tell whether an entry is meant."""
        return not self.only or any(meant(pattern, entry.match) for pattern in self.only)

    def given(self, entry: Expectation) -> Expectation:
        """Return an entry with its reason; one that has a reason keeps it, and one that is not meant the placeholder."""
        return replace(entry, reason=self.text) if entry.waits and self.text and self.means(entry) else entry


NO_REASON = Reason()


@dataclass(frozen=True)
class Update:
    """A list that a report makes true."""

    fates: tuple[Fate, ...]
    """One for each entry of before, in its order."""
    added: tuple[Expectation, ...]

    def refused(self, reason: Reason) -> list[Expectation]:
        """Return the entries that a reason means and that have one of their own already, in the order of the list."""
        kept = [entry for fate in self.fates if not fate.entry.waits for entry in fate.stays]
        return [entry for entry in [*kept, *self.added] if reason.means(entry) and entry.reason not in {reason.text, PLACEHOLDER}]

    @property
    def entries(self) -> list[Expectation]:
        """All that the list holds now."""
        return [*(entry for fate in self.fates for entry in fate.stays), *self.added]


def update(listed: Sequence[Expectation], run: Run, reason: Reason = NO_REASON) -> Update:
    """Return what becomes of a list; `reason` is that of entries without one, new (where the run knew none) and old."""
    fates = [_fate(entry, listed, run) for entry in listed]
    fates = [replace(fate, stays=tuple(_needed(number, fates))) for number, fate in enumerate(fates)]
    kept = [entry for fate in fates for entry in fate.stays]
    filled = [replace(fate, stays=tuple(map(reason.given, fate.stays))) for fate in fates]
    return Update(tuple(filled), tuple(map(reason.given, _new(kept, run))))


def _fate(entry: Expectation, listed: Sequence[Expectation], run: Run) -> Fate:
    if not _holds(entry, run):
        return Fate(entry, (entry,))
    matched = [case for case in run.cases if entry.matches(case.case)]
    if not matched:
        return Fate(entry, (), "no case of the suite matches it") if run.whole else Fate(entry, (entry,))
    unjudged = [case for case in matched if Verdict(case.outcome) in UNJUDGED]
    used = [case for case in matched if excusing([entry], Verdict(case.outcome), _broken(case))]
    stale = [case for case in matched if _verdict(case, listed, run) is Verdict.STALE]
    if not run.whole and "*" in entry.match and (stale or not (used or unjudged)):
        return Fate(entry, (entry,), open=True)
    if not used and not unjudged:
        return Fate(entry, (), _instead(matched))
    if not stale:
        return Fate(entry, (entry,))
    exact = tuple(replace(entry, match=case.case) for case in matched if case in used or case in unjudged)
    return Fate(entry, exact, f"of its cases {len(stale)} passed: {stale[0].case}{' and others' if stale[1:] else ''}")


def _needed(number: int, fates: Sequence[Fate]) -> Iterator[Expectation]:
    """Yield what stays of an entry; of exact ones in its place only those which no other entry says as well."""
    fate = fates[number]
    others = [entry for place, other in enumerate(fates) if place != number for entry in other.stays]
    for entry in fate.stays:
        if entry is fate.entry or not any(other.matches(entry.match) and other.covers(entry) for other in others):
            yield entry


def _new(kept: Sequence[Expectation], run: Run) -> Iterator[Expectation]:
    for case in run.cases:
        outcome = Verdict(case.outcome)
        if outcome not in TOLD or _verdict(case, kept, run) is Verdict.EXPECTED:
            continue
        known = case.reason if case.verdict == Verdict.EXPECTED.value else ""
        rules: list[str | None] = [*sorted(case.broken)] or [None]
        for rule in rules:
            yield _beside(kept, Expectation(case.case, outcome, known or PLACEHOLDER, rule), run)


def _beside(kept: Iterable[Expectation], new: Expectation, run: Run) -> Expectation:
    """Return a new entry that leaves those for other versions and machines their say."""
    for other in kept:
        if not (new.covers(other) and other.matches(new.match)):
            continue
        if not replace(other, when=frozenset()).applies_to(run.version, run.here):
            new = replace(new, versions=_only(run.version))
        else:
            new = replace(new, when=new.when | {(name, run.here.get(name, "")) for name, _ in other.when})
    return new


def _only(version: str) -> str | None:
    try:
        return str(SpecifierSet(f"=={version}"))
    except InvalidSpecifier:
        return None


def _verdict(case: Case, listed: Iterable[Expectation], run: Run) -> Verdict:
    """Return what a run with this list says of a case."""
    its = [entry for entry in listed if entry.matches(case.case) and _holds(entry, run)]
    return with_list(its, Verdict(case.outcome), _broken(case))


def _holds(entry: Expectation, run: Run) -> bool:
    return entry.applies_to(run.version, run.here)


def _broken(case: Case) -> set[str | None]:
    return set(case.broken) if case.broken or case.outcome == Verdict.PASS.value else {None}


def _instead(matched: Sequence[Case]) -> str:
    outcomes = dict.fromkeys(case.outcome for case in matched)
    rules = dict.fromkeys(rule for case in matched for rule in case.broken)
    return f"now: {', '.join(outcomes)}{' of ' + ', '.join(rules) if rules else ''}"
