"""Holds an answer against what a try expects; `mockvendors.evidence` decides what it says of the rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mockvendors import evidence
from mockvendors.contract import Rule
from mockvendors.evidence import Control, Exchange, Expected, Verdict
from mockvendors.redact import Redactor
from mockvendors.verify.keeping import at
from mockvendors.verify.tries import Tries, Try
from mockvendors.verify.wire import Answer

_LONGEST = 300
"""Characters of an answer that are shown."""


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
    doubt: str = ""
    """Of a confirmed one: for what else it may have been refused."""


def untried(attempt: Try, reason: str, got: str = "") -> Outcome:
    """Return the outcome of a try that says nothing."""
    return Outcome(attempt.rule, attempt, "not tried", attempt.expected, got, reason)


def judge(tries: Tries, attempt: Try, answer: Answer, redact: Redactor, controls: Iterable[Control]) -> list[Outcome]:
    """Return what an answer says: first about the rule that was tried, then about the shape of replies where that is wrong."""
    expected = Expected(attempt.status, attempt.error, tries.account)
    found = evidence.judge(expected, exchange(tries, attempt, answer), controls)
    first = Outcome(attempt.rule, attempt, found.verdict, attempt.expected, told(answer, redact), found.reason)
    return [first] if found.is_silent else [first, *_shape(tries, attempt, answer, redact)]


def exchange(tries: Tries, attempt: Try, answer: Answer) -> Exchange:
    """Return a try and its answer as evidence takes them."""
    credential = attempt.authorization or ""
    body = attempt.body if attempt.raw is None else None
    return Exchange(
        operation=attempt.operation,
        path=attempt.path,
        credential=credential,
        kind=credential,
        media_type=attempt.content_type,
        body=body if isinstance(body, Mapping) else None,
        status=answer.status,
        error=at(answer.body, tries.error_at),
    )


def told(answer: Answer, redact: Redactor) -> str:
    """Return status and body in one line, without secrets."""
    if answer.body is None:
        return f"{answer.status} without a body"
    body = redact.text(answer.body) if isinstance(answer.body, str) else redact.body(answer.body).decode()
    line = " ".join(f"{answer.status} {body}".split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


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
