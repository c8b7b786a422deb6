"""Holds an answer against what a try expects: confirmed, contradicted, or nothing said about the rule."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from mockvendors.contract import Rule
from mockvendors.redact import Redactor
from mockvendors.verify.keeping import at
from mockvendors.verify.tries import Tries, Try
from mockvendors.verify.wire import Answer

Verdict = Literal["confirmed", "contradicted", "not tried"]
_LONGEST = 300
"""Characters of an answer that are shown."""
_PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
"""They say something of the moment; as do all from 500."""


@dataclass(frozen=True)
class Outcome:
    """What one try, or the shape of its answer, says about a rule."""

    rule: Rule
    attempt: Try
    verdict: Verdict
    expected: str
    got: str = ""
    reason: str = ""
    """Why it was not tried."""


def untried(attempt: Try, reason: str, got: str = "") -> Outcome:
    """Return the outcome of a try that says nothing."""
    return Outcome(attempt.rule, attempt, "not tried", attempt.expected, got, reason)


def judge(tries: Tries, attempt: Try, answer: Answer, redact: Redactor) -> list[Outcome]:
    """Return what an answer says: first about the rule that was tried, then about the shape of replies where that is wrong."""
    got = told(answer, redact)
    if answer.status not in attempt.status:
        reason = _says_nothing(tries, answer.status)
        if reason:
            return [untried(attempt, reason, got)]
        first = Outcome(attempt.rule, attempt, "contradicted", attempt.expected, got)
    elif attempt.error is not None and at(answer.body, tries.error_at) != attempt.error:
        first = Outcome(attempt.rule, attempt, "contradicted", attempt.expected, got)
    else:
        first = Outcome(attempt.rule, attempt, "confirmed", attempt.expected, got)
    return [first, *_shape(tries, attempt, answer, redact)]


def told(answer: Answer, redact: Redactor) -> str:
    """Return status and body in one line, without secrets."""
    if answer.body is None:
        return f"{answer.status} without a body"
    body = redact.text(answer.body) if isinstance(answer.body, str) else redact.body(answer.body).decode()
    line = " ".join(f"{answer.status} {body}".split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _says_nothing(tries: Tries, status: int) -> str:
    """Return why a status that nobody expected says nothing about the rule; empty where it does."""
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"answered {status}"
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"answered {status}, a redirect, which is not followed"
    rule = tries.account.get(status)
    return f"answered {status}, which tells of the account ({rule.id})" if rule else ""


def _shape(tries: Tries, attempt: Try, answer: Answer, redact: Redactor) -> list[Outcome]:
    """Return where a documented answer has not the shape that the contract gives it."""
    operation = attempt.operation
    if operation is None or answer.status not in operation.replies:
        return []
    violations = operation.check_reply(answer.status, answer.body)
    if violations:
        first, *more = violations
        got = redact.text(first.message)[:_LONGEST] + (f" (and {len(more)} more)" if more else "")
        return [Outcome(first.rule, attempt, "contradicted", first.expected, got)]
    if not answer.is_json:
        reply = tries.contract.rule(tries.contract.generic["reply"])
        got = f"{answer.status} with Content-Type: {redact.text(answer.content_type)}"
        return [Outcome(reply, attempt, "contradicted", "Content-Type: application/json", got)]
    return []
