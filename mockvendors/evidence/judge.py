"""The decision: what one answer says of the rule that its request breaks, or keeps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from mockvendors.contract import Rule
from mockvendors.evidence.controls import Control
from mockvendors.evidence.exchange import Exchange
from mockvendors.evidence.silence import says_nothing

Verdict = Literal["confirmed", "contradicted", "not tried"]


@dataclass(frozen=True)
class Expected:
    """What the rule makes the vendor answer."""

    statuses: tuple[int, ...]
    error: str | None = None
    """The error text, where it is the vendor's own."""
    account: Mapping[int, Rule] = field(default_factory=dict)
    """Statuses that tell of the account where they are not expected."""


@dataclass(frozen=True)
class Judgement:
    """What is known of the rule by one answer."""

    verdict: Verdict
    reason: str = ""
    """Why nothing is."""
    is_silent: bool = False
    """Whether the status itself says nothing, and so nothing else of the answer does."""


def judge(expected: Expected, exchange: Exchange, controls: Iterable[Control]) -> Judgement:
    """Return what an answer says of a rule; a refusal says something only where no control lacks anything."""
    is_expected = exchange.status in expected.statuses
    if not is_expected and (reason := says_nothing(exchange.status, expected.account)):
        return Judgement("not tried", reason, is_silent=True)
    if exchange.status >= HTTPStatus.BAD_REQUEST:
        for control in controls:
            if reason := control.lacking(exchange):
                return Judgement("not tried", reason)
    agrees = is_expected and (expected.error is None or exchange.error == expected.error)
    return Judgement("confirmed" if agrees else "contradicted")
