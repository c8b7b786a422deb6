"""What a run has shown, rule by rule."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockvendors.contract import Rule
from mockvendors.evidence import Verdict
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


@dataclass(frozen=True)
class Report:
    """A whole run."""

    plan: Plan
    url: str
    outcomes: tuple[Outcome, ...]
    sessions: tuple[Session, ...]
    calls: int
    halt: str
    """Why it ended before its end: `unreachable`, `key`, `other`; empty where it did not."""
    cause: str
    """The same for a person."""
    is_mock: bool
    """Whether our own mock answered."""

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
                return RuleReport(rule, verdict, mine, "; ".join(reasons))
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
        "tries": [
            {"try": outcome.attempt.text, "request": outcome.attempt.request, "verdict": outcome.verdict}
            | {"expected": outcome.expected, "got": outcome.got or None, "reason": outcome.reason or None}
            for outcome in found.outcomes
        ],
    }
