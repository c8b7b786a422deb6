"""What a run over many mutants found, as text, as data and as an exit code."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from mockvendors.mutants.outcome import Kind, Outcome

WORDS = {
    Kind.CAUGHT: "caught by the named rule",
    Kind.MISSED: "missed",
    Kind.WRONG_RULE: "caught by the wrong rule",
    Kind.CLEAN: "correct, and nothing failed",
    Kind.FALSE_ALARM: "false alarms on correct ones",
    Kind.FAULT: "faults of ours: nothing was judged",
}
_AS_EXPECTED, _FAILED, _NOTHING_RAN, _HARNESS = 0, 1, 5, 7
"""Of the exit codes of docs/architecture.md."""


def exit_code(outcomes: Collection[Outcome]) -> int:
    """Return 0 where each mutant was caught by its rule and no correct one failed; a fault of ours outranks what was missed."""
    if not outcomes:
        return _NOTHING_RAN
    if any(outcome.kind is Kind.FAULT for outcome in outcomes):
        return _HARNESS
    return _AS_EXPECTED if all(outcome.good for outcome in outcomes) else _FAILED


def render(outcomes: Collection[Outcome]) -> str:
    """Return a line for each that is not as it should be, and the totals."""
    bad = sorted((each for each in outcomes if not each.good), key=lambda each: (each.kind, each.mutant.name))
    lines = [*(_line(each) for each in bad), *([""] if bad else []), *_totals(outcomes)]
    return "\n".join(lines) + "\n"


def as_data(outcomes: Collection[Outcome]) -> dict[str, Any]:
    """Return the same for programs: totals by kind, and each outcome with the rules that failed it."""
    counts = Counter(outcome.kind for outcome in outcomes)
    told = [
        {
            "mutant": each.mutant.name,
            "connect": each.mutant.connect,
            "rule": each.mutant.rule,
            "kind": each.kind.value,
            "by": list(each.by),
            "told": each.told,
            "seconds": round(each.seconds, 1),
        }
        for each in sorted(outcomes, key=lambda each: each.mutant.name)
    ]
    return {"totals": {kind.value: counts[kind] for kind in Kind}, "exit_code": exit_code(outcomes), "mutants": told}


def _line(outcome: Outcome) -> str:
    mutant = outcome.mutant
    rule = f" ({mutant.rule})" if mutant.rule else ""
    return f"{outcome.kind}: {mutant.name}{rule}: {outcome.told}"


def _totals(outcomes: Collection[Outcome]) -> Iterator[str]:
    counts = Counter(outcome.kind for outcome in outcomes)
    mutants = sum(bool(outcome.mutant.rule) for outcome in outcomes)
    width = max(map(len, WORDS.values()))
    for kind, words in WORDS.items():
        whole = mutants if kind in {Kind.CAUGHT, Kind.MISSED, Kind.WRONG_RULE} else len(outcomes) - mutants
        of = f" of {whole}" if kind is not Kind.FAULT else ""
        yield f"{words:{width}}  {counts[kind]:4}{of}"
