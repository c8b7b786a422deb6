"""What a run says of the suite: a table of reports, and what each means."""

import pytest
from msgspec import structs

from mockvendors.mutants import Kind, Mutant
from mockvendors.mutants.outcome import caught, judged, part
from mockvendors.report.lines import Case, Environment, Footer, Header, Implementation, Report, Selection

WRONG = Mutant("late", "Comes late.", "core.a", "agents:late.py")
RIGHT = Mutant("reference", "Nothing.", "", "agents:reference.py")


def report(code, *cases, others_failed=False, refusals=()):
    """Return a report with cases of (verdict, rule)."""
    header = Header(
        schema=1,
        mockvendors="0",
        time="2026-01-01T00:00:00Z",
        suites=[],
        implementations=[Implementation(connect="agents:late.py")],
        environment=Environment(python="3", platform="any"),
        selection=Selection(),
        vendor_mode="mock",
    )
    lines = [
        Case(
            implementation="agents:late.py",
            vendor="acme",
            case=f"test_a.py::test_{number}",
            verdict=verdict,
            outcome=verdict,
            seconds=0.1,
            rule=rule,
            reason="it is so",
        )
        for number, (verdict, rule) in enumerate(cases)
    ]
    footer = Footer(
        cases=len(lines),
        judged=[],
        complete=True,
        exit_code=code,
        seconds=1,
        others_failed=others_failed,
        refusals=list(refusals),
    )
    return Report(file="r", header=header, cases=lines, footer=footer)


@pytest.mark.parametrize(
    ("mutant", "ran", "kind", "by", "told"),
    [
        (WRONG, report(1, ("fail", "core.a")), Kind.CAUGHT, ("core.a",), ""),
        (WRONG, report(1, ("timeout", "core.b"), ("crash", "core.a")), Kind.CAUGHT, ("core.a", "core.b"), ""),
        (WRONG, report(1, ("fail", "core.b")), Kind.WRONG_RULE, ("core.b",), "test_a.py::test_0: core.b: it is so"),
        (WRONG, report(0, ("pass", "core.a")), Kind.MISSED, (), "1 case of its rule failed nothing"),
        (WRONG, report(0, ("warn", "core.a"), ("pass", "core.a")), Kind.MISSED, (), "2 cases of its rule failed nothing"),
        (WRONG, report(0, ("expected", "core.a")), Kind.MISSED, (), "1 case of its rule failed nothing"),
        (WRONG, report(7, ("error", ""), ("fail", "core.a")), Kind.FAULT, (), "test_a.py::test_0: it is so"),
        (WRONG, report(6, ("not verified", "core.a")), Kind.FAULT, (), "test_a.py::test_0: it is so"),
        (WRONG, report(4, refusals=["no such rule"]), Kind.FAULT, (), "no such rule"),
        (WRONG, report(4, refusals=["no case checks the rule x"]), Kind.MISSED, (), "no case checks the rule x"),
        (WRONG, report(5, ("not claimed", "core.a")), Kind.MISSED, (), "its rule was not judged: not claimed: it is so"),
        (RIGHT, report(5, ("not claimed", "core.a")), Kind.FAULT, (), "the run ended with exit code 5"),
        (WRONG, report(5), Kind.FAULT, (), "the run ended with exit code 5"),
        (WRONG, report(2), Kind.FAULT, (), "the run ended with exit code 2"),
        (WRONG, report(1, ("fail", "core.a"), others_failed=True), Kind.FAULT, (), "the run ended with exit code 1"),
        (RIGHT, report(0, ("pass", "core.a")), Kind.CLEAN, (), ""),
        (RIGHT, report(1, ("fail", "core.a")), Kind.FALSE_ALARM, ("core.a",), "test_a.py::test_0: core.a: it is so"),
        (RIGHT, report(6, ("not verified", "core.a")), Kind.FAULT, (), "test_a.py::test_0: it is so"),
    ],
)
def test_what_a_run_says(mutant, ran, kind, by, told):
    outcome = judged(mutant, ran)
    assert (outcome.kind, outcome.by, outcome.told) == (kind, by, told)
    assert outcome.good is (kind in {Kind.CAUGHT, Kind.CLEAN})


EARLY = Mutant("early", "Comes early.", "core.b", "agents:early.py")


def both(code, of_early, of_late, **more):
    """Return the report of one run on both mutants: (verdict, rule) of a case of each."""
    ran = report(code, of_early, of_late, **more)
    first, second = ran.cases
    return structs.replace(ran, cases=[structs.replace(first, implementation=EARLY.connect), second])


@pytest.mark.parametrize(
    ("ran", "names"),
    [
        (both(1, ("fail", "core.b"), ("crash", "core.a")), ["early", "late"]),
        (both(1, ("fail", "core.b"), ("pass", "core.a")), ["early"]),
        (both(1, ("fail", "core.a"), ("fail", "core.a")), ["late"]),
        (both(7, ("fail", "core.b"), ("error", "core.a")), []),
        (both(0, ("pass", "core.b"), ("pass", "core.a")), []),
        (both(1, ("fail", "core.b"), ("fail", "core.a"), others_failed=True), []),
        (both(1, ("fail", "core.b"), ("fail", "core.a"), refusals=["no such thing"]), []),
        (report(1, ("fail", "core.a")), ["late"]),
    ],
)
def test_of_a_run_of_several_only_what_was_caught_counts(ran, names):
    found = list(caught([EARLY, WRONG], ran))
    assert [outcome.mutant.name for outcome in found] == names
    assert all(outcome.kind is Kind.CAUGHT and outcome.by == (outcome.mutant.rule,) for outcome in found)


PRINTED = """\
FF.                                  [100%]
=========== FAILURES ===========
_ TestA.test_a[400-agents:early.py] _
core.b: it is so
    _ _ _ _ _
  journal:
_____ TestA.test_a[agents:late.py] ______
core.a: it is so
====== verdict on late 1 ======
2 fail
"""


def test_of_what_a_run_of_several_printed_each_gets_its_failures():
    assert part(PRINTED, "agents:early.py") == "\n".join(PRINTED.splitlines()[2:6]) + "\n"
    assert part(PRINTED, "agents:late.py") == "\n".join(PRINTED.splitlines()[6:8]) + "\n"
    assert part(PRINTED, "agents:ate.py") == ""
