"""Controls: what has to be known beside a refusal, so that it says for what it was refused.

A refusal alone tells nothing of its cause, since the vendor's words are free. Each control is asked of a refusal, and says
what is lacking; where none lacks anything, the refusal is of the rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from mockvendors.contract import Operation
from mockvendors.evidence.exchange import Exchange, below

Named = Callable[[Operation, str], tuple[str, ...]]
"""The ids of those fields of a call's request that a text speaks of."""


class Control(Protocol):
    """One control."""

    def lacking(self, refused: Exchange) -> str:
        """Return why nobody knows for what this was refused; empty where this control has no doubt."""


@dataclass(frozen=True)
class RightIsRefused:
    """The call refuses what is right as well: whatever else it refuses then says nothing."""

    calls: Mapping[tuple[str, int | None], str]
    """Operation and status (None: any) by which right requests are refused -> how that is known."""

    def lacking(self, refused: Exchange) -> str:
        """See Control."""
        call = refused.operation.id if refused.operation else ""
        told = self.calls.get((call, refused.status)) or self.calls.get((call, None))
        return f"{told}, so that a refusal says nothing" if told else ""


@dataclass(frozen=True)
class Beside:
    """The same call was accepted, different just there: what was accepted is searched for one that shows it.

    What differs may be the path, the credential, the Content-Type or the body, and only one of them; in a body one field, or
    several that only count together, as width and height do. Each of these fields has to be in a call that was accepted, in
    any: a vendor that knows no such field may refuse it for that.
    """

    accepted: Mapping[str, Sequence[Exchange]]
    """By operation."""
    named: Named

    def lacking(self, refused: Exchange) -> str:
        """See Control; a path that no call has lacks it always."""
        operation = refused.operation
        accepted = self.accepted.get(operation.id, ()) if operation else ()
        if operation is not None and any(self._shows(operation, refused, one, accepted) for one in accepted):
            return ""
        return "the same call was not accepted with what differs just there"

    def _shows(self, operation: Operation, refused: Exchange, control: Exchange, accepted: Sequence[Exchange]) -> bool:
        others = [refused.path != control.path, _credentials_differ(refused, control), refused.media_type != control.media_type]
        if refused.body is None or control.body is None:
            return not any(others) and control.body is not None
        places = _parting(refused, control)
        if any(others):
            return sum(others) == 1 and not places
        if not all(any(one.holds(place) for one in accepted) for place in places):
            return False
        return self._is_named(operation, places, refused.words) and (
            len(places) <= 1 or _together(operation, refused.body, places)
        )

    def _is_named(self, operation: Operation, places: frozenset[str], words: str) -> bool:
        """Tell whether the vendor's words speak of one of these places, if they speak of any."""
        named = self.named(operation, words)
        leaves = " ".join(place.rpartition("/")[2] for place in places)
        return not (named and places) or bool(set(named) & set(self.named(operation, leaves)))


def _credentials_differ(refused: Exchange, control: Exchange) -> bool:
    """Tell whether the two came with different credentials; but for a 401 a fresh token is as good as another."""
    if refused.status == HTTPStatus.UNAUTHORIZED:
        return refused.credential != control.credential
    return refused.kind != control.kind


def _parting(one: Exchange, other: Exchange) -> frozenset[str]:
    """Return the JSON pointers at which two bodies differ, the deepest of each."""
    differing = {where for where, _ in one.leaves ^ other.leaves}
    return frozenset(where for where in differing if not any(deeper.startswith(f"{where}/") for deeper in differing))


def _together(operation: Operation, body: Mapping[str, Any], places: frozenset[str]) -> bool:
    """Tell whether each of these places counts only with the others, as the contract's schema has it."""
    whole, none = _broken(operation, body), _broken(operation, _without(body, places))
    for place in places:
        rest = _broken(operation, _without(body, frozenset({place})))
        if not (whole - rest or rest - whole - none):
            return False
    return True


def _broken(operation: Operation, body: object) -> set[tuple[str, str]]:
    return {(violation.rule.id, violation.where) for violation in operation.check_request(body)}


def _without(value: Any, places: frozenset[str], where: str = "") -> Any:  # noqa: ANN401 - any JSON value
    if not isinstance(value, Mapping):
        return value
    pointers = {name: below(where, name) for name in value}
    return {name: _without(item, places, pointers[name]) for name, item in value.items() if pointers[name] not in places}
