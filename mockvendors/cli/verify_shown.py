"""What `mockvendors verify` shows a person: the plan, a line a try, the report."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from mockvendors.cli import tables
from mockvendors.verify import Plan, Report
from mockvendors.verify.judge import Outcome
from mockvendors.verify.plan import NOT_ASKED
from mockvendors.verify.report import RuleReport

_INDENT = "    "
_MARK = "  [starts a session]"
_ORDER = ("confirmed", "not tried", "contradicted")
"""What needs a person stands last, where it is seen."""
_MANY = 3
"""So many rules that one cause keeps from being tried are told in one line."""
_COLOURS = {"confirmed": 32, "contradicted": 31, "not tried": 33}


def plan_text(plan: Plan, url: str) -> str:
    """Return what would be sent: a line a call, then how many in total."""
    width = max((len(attempt.request) for attempt in plan.send), default=0)
    widest = max((len(attempt.rule.id) for attempt in plan.send), default=0)
    rows = [
        f"  {attempt.request.ljust(width)}  {attempt.rule.id.ljust(widest)}  {attempt.text}{_MARK if attempt.is_start else ''}"
        for attempt in plan.send
    ]
    skipped = Counter(reason for reason in plan.skipped.values() if reason != NOT_ASKED)
    would = f" (--budget {plan.needed} holds all)"
    left_out = [f"  {count} not in it: {why}{would if why == plan.no_budget else ''}" for why, count in skipped.items()]
    starts = f"{plan.starts} of them starting a session, which is stopped" if plan.starts else "none of them to start a session"
    total = f"At most {plan.calls} calls{f' to {url}' if url else ''}, {starts}."
    return "\n".join(["The plan:", *rows, *left_out, total])


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain data."""
    return {
        "vendor": plan.tries.contract.vendor,
        "calls": plan.calls,
        "starts": plan.starts,
        "budget": plan.budget,
        "calls_of_all": plan.needed,
        "send": [
            {"method": attempt.method, "path": attempt.path, "rule": attempt.rule.id, "try": attempt.text}
            | {"expected": attempt.expected, "starts": attempt.is_start}
            for attempt in plan.send
        ],
        "not_sent": [
            {"rule": attempt.rule.id, "try": attempt.text, "reason": plan.skipped[attempt.number]}
            for attempt in plan.tries.tries
            if plan.skipped.get(attempt.number, NOT_ASKED) != NOT_ASKED
        ],
    }


def line(outcome: Outcome) -> str:
    """Return one line of progress."""
    why = f": {outcome.reason}" if outcome.reason else ""
    return f"{outcome.verdict.ljust(12)}  {outcome.rule.id}  {outcome.attempt.text}{why}"


def report_text(report: Report) -> str:
    """Return the report: contradictions with what was expected and got, then the rest, then the counts."""
    parts = [line for verdict in _ORDER for line in _having(report, verdict)]
    doubts = {"confirmed": f" ({report.in_doubt} of them in doubt)"} if report.in_doubt else {}
    counts = ", ".join(
        f"{report.counts[name]} {name}{doubts.get(name, '')}" for name in ("confirmed", "contradicted", "not tried")
    )
    parts.append(f"\n{sessions_text(report)}{counts}; {report.calls} calls to {report.url}")
    if report.left_out:
        parts.append(
            f"{report.left_out} tries were left out ({report.plan.no_budget}): --budget {report.plan.needed} holds the whole plan"
        )
    if report.is_mock:
        parts.append("The answers came from a mock of ours: they say nothing about the vendor.")
    if report.counts["contradicted"] and report.served_otherwise:
        options = " ".join(f"--set {assignment}" for assignment in report.served_otherwise)
        parts.append(f"As it is served a mock is not as the contract has the vendor: serve it with {options}")
    if report.cause:
        parts.append(f"Ended early: {report.cause}")
    return "\n".join(parts)


def sessions_text(report: Report) -> str:
    """Return a line a session that was, or may have been, started; ends with a line break where there is one."""
    told = {
        "stopped": "was started and stopped",
        "running": "is running: stop it by hand",
        "left running": "WAS STARTED AND IS STILL RUNNING: stop it by hand",
        "unknown": "MAY HAVE BEEN STARTED: look whether one runs",
    }
    lines = []
    for session in report.sessions:
        meant = "" if session.attempt.is_start else ", though the contract says that it is refused"
        why = f" ({session.why})" if session.why else ""
        name = f"session {session.id}" if session.id else "a session"
        lines.append(f"{name} {told[session.state]}{why}: {session.attempt.rule.id}, {session.attempt.text}{meant}\n")
    return "".join(lines)


def _having(report: Report, verdict: str) -> Iterator[str]:
    """Yield what is told of the rules with this verdict; where one cause keeps several from being tried they are one line."""
    same: dict[str, list[RuleReport]] = {}
    for number, found in enumerate(report.rules):
        if found.verdict == verdict:
            same.setdefault(found.reason if verdict == "not tried" else str(number), []).append(found)
    for reason, rules in same.items():
        if len(rules) < _MANY:
            yield from map(_rule, rules)
        else:
            yield f"{tables.coloured('not tried', _COLOURS['not tried'])}, {len(rules)} rules: {reason}"
            yield tables.folded(", ".join(found.rule.id for found in rules), _INDENT, len(_INDENT))


def _rule(found: RuleReport) -> str:
    verdict = tables.coloured(found.verdict, _COLOURS[found.verdict])
    head = f"{found.rule.id}  {verdict}  [{found.rule.level}]"
    if found.verdict == "confirmed":
        made = sum(outcome.verdict == "confirmed" for outcome in found.outcomes)
        more = f"; not tried: {found.reason}" if found.reason else ""
        doubt = f"\n{tables.folded(f'in doubt: {found.doubt}', _INDENT, len(_INDENT))}" if found.doubt else ""
        return f"{head}  {made} {'try' if made == 1 else 'tries'}{more}{doubt}"
    if found.verdict == "not tried":
        return f"{head}  {found.reason}"
    lines = [head, tables.folded(found.rule.text, _INDENT, len(_INDENT))]
    for outcome in found.outcomes:
        if outcome.verdict == "contradicted":
            lines += [f"{_INDENT}{outcome.attempt.request}: {outcome.attempt.text}"]
            lines += [f"{_INDENT}  expected: {outcome.expected}", f"{_INDENT}  got:      {outcome.got}"]
    return "\n".join(lines)
