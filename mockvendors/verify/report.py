"""What a run has shown, rule by rule."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockvendors.contract import Rule
from mockvendors.evidence import Verdict
from mockvendors.verify.doubt import Answered, looked_over
from mockvendors.verify.judge import Outcome
from mockvendors.verify.open_sessions import Session
from mockvendors.verify.plan import NOT_ASKED, Plan

CONFIRMED, CONTRADICTED, USAGE, NOTHING, INCOMPLETE, UNREACHABLE = 0, 1, 4, 5, 6, 7
"""Exit codes; docs/architecture.md has the whole table."""


@dataclass(frozen=True)
class RuleReport:
    """What is known of one rule."""

    rule: Rule
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    reason: str
    """Why it, or some of its tries, were not tried; empty where all were."""
    doubt: str = ""
    """For what else all its refusals may have been, where it is confirmed."""


@dataclass(frozen=True)
class Report:
    """A whole run."""

    plan: Plan
    url: str
    told: tuple[Outcome, ...]
    """As they were known one by one."""
    answered: Answered
    sessions: tuple[Session, ...]
    calls: int
    halt: str
    """Why it ended before its end: `unreachable`, `key`, `other`; empty where it did not."""
    cause: str
    """The same for a person."""
    is_mock: bool
    """Whether our own mock answered."""

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the tries say, now that all of them are known."""
        return looked_over(self.plan, self.told, self.answered)

    @property
    def in_doubt(self) -> int:
        """How many of the confirmed rules are in doubt."""
        return sum(bool(found.doubt) for found in self.rules)

    @cached_property
    def left_out(self) -> int:
        """How many tries the budget did not hold."""
        planned = sum(self.plan.is_left_out(number) for number in self.plan.skipped)
        return planned + sum(outcome.reason == self.plan.no_budget for outcome in self.outcomes)

    @property
    def served_otherwise(self) -> tuple[str, ...]:
        """Settings, as `name=value`, in which `mockvendors serve` is not as the vendor: told where our own mock answered."""
        settings = self.plan.tries.contract.settings.items()
        return tuple(f"{name}={one.default}" for name, one in settings if one.serve != one.default) if self.is_mock else ()

    @cached_property
    def rules(self) -> tuple[RuleReport, ...]:
        """The rules that were asked for, and any other that was contradicted, in the contract's order."""
        every = (self._rule(rule) for rule in self.plan.tries.contract.rules.values())
        return tuple(found for found in every if found.rule.id in self.plan.rules or found.verdict == "contradicted")

    @cached_property
    def counts(self) -> Counter[str]:
        """How many rules have which verdict."""
        return Counter(found.verdict for found in self.rules)

    @property
    def exit_code(self) -> int:
        """See docs/verify.md."""
        if self.halt in ("unreachable", "key"):
            return UNREACHABLE if self.halt == "unreachable" else USAGE
        if self.counts["contradicted"]:
            return CONTRADICTED
        if any(session.state == "left running" for session in self.sessions):
            return UNREACHABLE
        if self.plan.asked and self.counts["not tried"]:
            return INCOMPLETE
        return CONFIRMED if self.counts["confirmed"] else NOTHING

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        contract = self.plan.tries.contract
        return {
            "vendor": contract.vendor,
            "contract": contract.version,
            "base_url": self.url,
            "answered_by_mock": self.is_mock,
            "calls": self.calls,
            "ended_early": self.cause or None,
            "counts": {name: self.counts[name] for name in ("confirmed", "contradicted", "not tried")},
            "in_doubt": self.in_doubt,
            "left_out_by_budget": self.left_out,
            "rules": [_told(found) for found in self.rules],
            "sessions": [
                {"id": session.id, "started_by": session.attempt.text, "meant": session.attempt.is_start}
                | {"state": session.state, "why": session.why}
                for session in self.sessions
            ],
        }

    def _rule(self, rule: Rule) -> RuleReport:
        mine = tuple(outcome for outcome in self.outcomes if outcome.rule == rule)
        verdicts = {outcome.verdict for outcome in mine}
        reasons = tuple(dict.fromkeys(self._reasons(rule, mine)))
        for verdict in ("contradicted", "confirmed"):
            if verdict in verdicts:
                doubts = [outcome.doubt for outcome in mine if outcome.verdict == "confirmed"] if verdict == "confirmed" else []
                return RuleReport(rule, verdict, mine, "; ".join(reasons), doubts[0] if doubts and all(doubts) else "")
        return RuleReport(rule, "not tried", mine, "; ".join(reasons) or self._never(rule))

    def _reasons(self, rule: Rule, outcomes: tuple[Outcome, ...]) -> Iterator[str]:
        """Yield why tries of a rule were not made."""
        yield from (outcome.reason for outcome in outcomes if outcome.verdict == "not tried")
        for attempt in self.plan.tries.tries:
            reason = self.plan.skipped.get(attempt.number, NOT_ASKED)
            if attempt.rule == rule and reason != NOT_ASKED:
                yield reason

    def _never(self, rule: Rule) -> str:
        return self.plan.tries.reasons.get(rule.id, "no try of x-probes tries it")


def _told(found: RuleReport) -> dict[str, Any]:
    return {
        "rule": found.rule.id,
        "level": found.rule.level,
        "text": found.rule.text,
        "verdict": found.verdict,
        "reason": found.reason or None,
        "doubt": found.doubt or None,
        "tries": [
            {"try": outcome.attempt.text, "request": outcome.attempt.request, "verdict": outcome.verdict}
            | {"expected": outcome.expected, "got": outcome.got or None, "reason": outcome.reason or None}
            | {"doubt": outcome.doubt or None}
            for outcome in found.outcomes
        ],
    }
