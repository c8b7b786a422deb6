"""What a run leaves in doubt: known only at its end, when everything that the vendor accepted is known."""

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

from mockvendors.evidence import Exchange, of_the_moment, places
from mockvendors.verify.judge import Outcome, untried
from mockvendors.verify.plan import PAID, Plan, is_open
from mockvendors.verify.tries import Try

Answered = tuple[tuple[Try, Exchange], ...]
_BEFORE = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
"""What a gateway may answer before anybody looks whether the path is there."""
_TOLD = "--paid tells"
_KNOWS = "a vendor that knows no such field may refuse alike"
_NOTHING = "nothing was accepted beside it: a vendor that knows no such field, or refuses the right body too, may refuse alike"


def looked_over(plan: Plan, outcomes: Iterable[Outcome], answered: Answered) -> tuple[Outcome, ...]:
    """Return the outcomes of a whole run: what a path that is gone says is withdrawn, and doubts are added."""
    gone = _gone(answered)
    return tuple(_looked_over(plan, outcome, answered, gone) for outcome in outcomes)


def _looked_over(plan: Plan, outcome: Outcome, answered: Answered, gone: frozenset[str]) -> Outcome:
    attempt = outcome.attempt
    path = attempt.operation.path if attempt.operation else ""
    if outcome.verdict != "not tried" and path in gone and not attempt.is_done:
        why = f"every call of {path} was answered 404, and nobody knows whether the path is there"
        return untried(attempt, why, outcome.got)
    return replace(outcome, doubt=_doubt(plan, attempt, answered)) if outcome.verdict == "confirmed" else outcome


def _gone(answered: Answered) -> frozenset[str]:
    """Return the paths of the contract's calls that answered nothing but 404, beside what stands before them answers."""
    paths: dict[str, set[int]] = {}
    for by, one in answered:
        if one.operation is not None and by.has_key and one.status not in _BEFORE and not of_the_moment(one.status):
            paths.setdefault(one.operation.path, set()).add(one.status)
    return frozenset(path for path, statuses in paths.items() if statuses == {HTTPStatus.NOT_FOUND})


def _doubt(plan: Plan, attempt: Try, answered: Answered) -> str:
    """Return what else a refusal may be for; empty where nothing is known of."""
    if not is_open(plan.tries, attempt):
        return ""
    accepted = [
        one
        for by, one in answered
        if by.has_key and one.operation is attempt.operation and one.status < HTTPStatus.MULTIPLE_CHOICES
    ]
    tells = f"; {_TOLD}" if any(plan.skipped.get(other.number) == PAID for other in plan.tries.tries) else ""
    if not accepted:
        return f"{_NOTHING}{tells}"
    held = next((places(one.body) for by, one in answered if by is attempt), frozenset())
    unheld = sorted(place for place in held if not any(one.holds(place) for one in accepted))
    return f"no accepted call had {', '.join(unheld)}: {_KNOWS}{tells}" if unheld else ""
