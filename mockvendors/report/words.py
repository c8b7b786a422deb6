"""The words of verdicts in their order, and how a crowd of cases is named in a line."""

from collections.abc import Iterable, Mapping, Sequence

ORDER = ("fail", "timeout", "crash", "error", "stale", "expected", "warn", "not verified", "not claimed", "pass")
"""What needs a person stands first."""
FAILURES = ("fail", "timeout", "crash", "error")
"""What is told in full."""
SIGNS = {
    "pass": ".",
    "warn": "w",
    "fail": "F",
    "timeout": "T",
    "crash": "C",
    "error": "E",
    "stale": "s",
    "expected": "x",
    "not claimed": "-",
    "not verified": "?",
}
"""Where a word does not fit."""
_NAMED = 4
"""So many parameters of one case are named."""


SELF_REPORTED = "†"
"""Behind a case that stands on the driver's word alone: nobody else can see what it is about."""


def marked(case: str, witness: Sequence[str]) -> str:
    """Return a case's name with its mark, where only the driver told what was judged."""
    return f"{case} {SELF_REPORTED}" if list(witness) == ["driver"] else case


def witnessed(witness: Sequence[str]) -> str:
    """Return the witnesses in words."""
    return "driver (self-reported)" if list(witness) == ["driver"] else ", ".join(witness)


def place(verdict: str) -> int:
    """Return where a verdict stands among others; one that nobody knows comes first."""
    return ORDER.index(verdict) if verdict in ORDER else -1


def counted(number: int, what: str = "case") -> str:
    """Return a number with its noun."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def with_not_scored(profile: str, numbers: Mapping[str, int]) -> str:
    """Return a profile's name, with how many cases of each verdict do not count there."""
    of_each = ", ".join(f"{count} {verdict}" for verdict, count in numbers.items())
    return f"{profile} · {sum(numbers.values())} not scored: {of_each}" if numbers else profile


def time_limits(scale: float) -> str:
    """Return by how much the time limits of a run were multiplied."""
    return f"time limits x{scale:g}"


def ended_early(exit_code: int) -> str:
    """Return in words that a run did not come to its end, by its exit code; empty where it did."""
    return {2: "the run was interrupted", 3: "the run ended in an internal error"}.get(exit_code, "")


def folded(cases: Sequence[str]) -> list[str]:
    """Return names of cases, those of one function in a line: `test_x[400, 401 and 3 more]`."""
    by_function: dict[str, list[str]] = {}
    for case in cases:
        function, bracket, parameters = case.partition("[")
        by_function.setdefault(function, []).append(parameters.removesuffix("]") if bracket else "")
    return [function + _parameters(found) for function, found in by_function.items()]


def _parameters(found: Sequence[str]) -> str:
    if found == [""]:
        return ""
    named, more = found[:_NAMED], len(found) - _NAMED
    return f"[{', '.join(named)}{f' and {more} more' if more > 0 else ''}]"


def counts(numbers: Iterable[tuple[str, int]]) -> str:
    """Return how many cases have each verdict, in a line."""
    return " · ".join(f"{number} {verdict}" for verdict, number in numbers if number)


def printable(line: str) -> str:
    """Return a line that moves no cursor: what a plugin said may be in it."""
    return line if line.isprintable() else "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
