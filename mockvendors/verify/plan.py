"""Which tries are sent, which are not and why, and how many calls that is at most."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mockvendors.evidence import holds, places
from mockvendors.verify.tries import Tries, Try

PAID = "paid: it starts a session, or needs one (--paid)"
NOT_ASKED = "not asked for"
SPARE = 10
"""Calls that the default budget has beside those of the plan."""


@dataclass(frozen=True)
class Plan:
    """What a run does."""

    tries: Tries
    send: tuple[Try, ...]
    """In this order."""
    skipped: Mapping[int, str]
    """Number of a try -> why it is not sent."""
    rules: frozenset[str]
    """The rules to report on."""
    asked: bool
    """Whether these were asked for one by one, and not all."""
    given: Mapping[str, str]
    """Values that stand for those which an answer would give."""
    budget: int
    """How many calls may be made, whatever they are for."""

    @property
    def calls(self) -> int:
        """How many calls are made at most, if nothing starts that is not meant to."""
        return sum(cost(attempt) for attempt in self.send)

    @property
    def needed(self) -> int:
        """How many calls it takes at most, whatever the budget is."""
        return self.calls + sum(cost(attempt) for attempt in self.tries.tries if self.is_left_out(attempt.number))

    @property
    def no_budget(self) -> str:
        """Why a try is not sent that the budget does not hold."""
        return f"budget: {self.budget} calls"

    def is_left_out(self, number: int) -> bool:
        """Tell whether the budget does not hold a try."""
        return self.skipped.get(number) == self.no_budget

    @property
    def starts(self) -> int:
        """How many sessions are meant to be started."""
        return sum(attempt.is_start for attempt in self.send)


def cost(attempt: Try) -> int:
    """Return how many calls a try takes: a session that it starts is stopped by one more."""
    return 2 if attempt.is_start else 1


def make_plan(tries: Tries, rules: Collection[str], given: Mapping[str, str], *, paid: bool, budget: int | None = None) -> Plan:
    """Choose the tries of these rules (none: of all) with what they need, in the contract's order, as far as the budget goes.

    Without a budget it is what they take, and `SPARE` for what nobody plans: a stop, the question whether the key still works.
    """
    paying = _paying(tries, given)
    wanted = _wanted(tries, rules, given)
    if budget is None:
        chosen = [one for one in tries.tries if one.number in wanted and (paid or one.number not in paying)]
        budget = sum(map(cost, chosen)) + SPARE
    send: list[Try] = []
    skipped: dict[int, str] = {}
    left = budget
    for attempt in tries.tries:
        if attempt.number not in wanted:
            skipped[attempt.number] = NOT_ASKED
        elif attempt.number in paying and not paid:
            skipped[attempt.number] = PAID
        elif cost(attempt) > left:
            left = 0  # what is behind it may need it
            skipped[attempt.number] = f"budget: {budget} calls"
        else:
            left -= cost(attempt)
            send.append(attempt)
    return Plan(tries, tuple(send), skipped, frozenset(rules or tries.contract.rules), bool(rules), given, budget)


def keepers(tries: Tries, given: Mapping[str, str]) -> dict[str, Try]:
    """Return by name of a value the try that keeps it; one that was given need not be kept."""
    return {keep.name: attempt for attempt in tries.tries for keep in attempt.keep if keep.name not in given}


def _wanted(tries: Tries, rules: Collection[str], given: Mapping[str, str]) -> set[int]:
    """Return the numbers of the tries of these rules and of those that they need; the first is always among them."""
    by_name = keepers(tries, given)
    wanted = {attempt.number for attempt in tries.tries if not rules or attempt.rule.id in rules} | {tries.tries[0].number}
    for attempt in tries.tries:
        if attempt.number in wanted:
            wanted |= _holders(tries, attempt, wanted)
    for attempt in reversed(tries.tries):  # what is needed stands before what needs it
        if attempt.number in wanted:
            wanted |= {by_name[name].number for name in attempt.needs if name in by_name}
            wanted |= {control.number for control in controls(tries, attempt)}
    return wanted


def _holders(tries: Tries, attempt: Try, wanted: Collection[int]) -> set[int]:
    """Return the tries that are to be accepted and hold what this one breaks, as far as none is wanted already."""
    if not is_open(tries, attempt) or not isinstance(attempt.body, Mapping):
        return set()
    others = [other for other in tries.tries if other.operation is attempt.operation and other.is_done and other.has_key]
    found: set[int] = set()
    for place in sorted(places(attempt.body)):
        holders = [other.number for other in others if isinstance(other.body, Mapping) and holds(other.body, place)]
        if holders and not {*wanted, *found} & {*holders}:
            found.add(holders[0])
    return found


def is_open(tries: Tries, attempt: Try) -> bool:
    """Tell whether the refusal of a try says for what it is only beside a call that was accepted.

    A refusal in the vendor's own words, or of a credential, is for what it says.
    """
    call = attempt.operation
    return call is not None and call.id in tries.bodies and not attempt.is_done and not attempt.error and attempt.has_key


def controls(tries: Tries, attempt: Try) -> list[Try]:
    """Return the tries before one which show that its call takes the right body."""
    if attempt.operation is None or attempt.is_control:
        return []
    before = tries.tries[: attempt.number - 1]
    return [other for other in before if other.is_control and other.operation is attempt.operation]


def _paying(tries: Tries, given: Mapping[str, str]) -> set[int]:
    """Return the numbers of the tries that start a session, or need something that only such a one keeps."""
    by_name = keepers(tries, given)
    paying: set[int] = set()
    for attempt in tries.tries:
        needed = {by_name[name].number for name in attempt.needs if name in by_name}
        if attempt.is_start or needed & paying:
            paying.add(attempt.number)
    return paying
