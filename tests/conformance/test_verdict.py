"""The verdict table: exception, listed entry, shown outcome, exit code, conformant."""

import pytest

from mockvendors.conformance.expectations import Expectation
from mockvendors.conformance.known import with_list
from mockvendors.conformance.verdict import (
    EXCUSABLE,
    EXIT,
    NO_VERDICT,
    Crashed,
    NotClaimed,
    NotVerified,
    RuleBroken,
    TimedOut,
    Verdict,
    conformant,
    exit_code,
    of_exception,
    worst,
)
from mockvendors.drivers.ends import DriverDied, DriverTimeout, Unsupported
from mockvendors.errors import EnvironmentFault, HarnessFault, UsageFault

V = Verdict
RULE = "core.errors.retry"


@pytest.mark.parametrize(
    ("exc", "warned", "expected"),
    [
        (None, False, V.PASS),
        (None, True, V.WARN),
        (RuleBroken("x"), False, V.FAIL),
        (RuleBroken("x"), True, V.FAIL),
        (AssertionError("x"), False, V.FAIL),
        (TimedOut("x"), False, V.TIMEOUT),
        (Crashed("x"), False, V.CRASH),
        (NotClaimed("x"), False, V.NOT_CLAIMED),
        (NotVerified("x"), False, V.NOT_VERIFIED),
        (HarnessFault("x"), False, V.ERROR),
        (UsageFault("x"), False, V.ERROR),
        (EnvironmentFault("x"), False, V.NOT_VERIFIED),
        (DriverDied("x"), False, V.CRASH),
        (DriverTimeout("x"), False, V.TIMEOUT),
        (TimeoutError("x"), False, V.TIMEOUT),
        (Unsupported("x"), False, V.NOT_CLAIMED),
        (pytest.skip.Exception("x"), False, V.NOT_VERIFIED),
        (pytest.fail.Exception("x"), False, V.FAIL),
        (KeyError("x"), False, V.ERROR),
    ],
)
def test_what_an_exception_means(exc, warned, expected):
    assert of_exception(exc, warned=warned) is expected
    assert not isinstance(exc, NO_VERDICT)


@pytest.mark.parametrize("exc", [KeyboardInterrupt(), pytest.exit.Exception("x")])
def test_what_ends_a_run_is_no_verdict(exc):
    assert isinstance(exc, NO_VERDICT)
    assert worst(BaseExceptionGroup("a teardown's", [KeyError("ours"), exc, TimedOut("late")])) is exc


def test_of_several_exceptions_the_worst_is_told():
    inner = ExceptionGroup("a finalizer's", [TimedOut("late"), KeyError("ours")])
    assert str(worst(ExceptionGroup("a teardown's", [RuleBroken("x"), inner]))) == "'ours'"
    alone = RuleBroken("x")
    assert worst(alone) is alone
    assert worst(None) is None


NONE, MATCHING, OTHER = "no entry", "its outcome", "another outcome"
OK, FAILED, EMPTY, INCOMPLETE, HARNESS = EXIT.as_expected, EXIT.failed, EXIT.nothing_ran, EXIT.incomplete, EXIT.harness

TABLE = [
    # what a case said, what is listed for it -> what is shown, the exit code of a run of it alone, conformant
    (V.PASS, NONE, V.PASS, OK, True),
    (V.PASS, OTHER, V.STALE, FAILED, False),
    (V.WARN, NONE, V.WARN, OK, True),
    (V.WARN, MATCHING, V.EXPECTED, OK, False),
    (V.WARN, OTHER, V.STALE, FAILED, False),
    (V.FAIL, NONE, V.FAIL, FAILED, False),
    (V.FAIL, MATCHING, V.EXPECTED, OK, False),
    (V.FAIL, OTHER, V.FAIL, FAILED, False),
    (V.TIMEOUT, NONE, V.TIMEOUT, FAILED, False),
    (V.TIMEOUT, MATCHING, V.EXPECTED, OK, False),
    (V.TIMEOUT, OTHER, V.TIMEOUT, FAILED, False),
    (V.CRASH, NONE, V.CRASH, FAILED, False),
    (V.CRASH, MATCHING, V.EXPECTED, OK, False),
    (V.CRASH, OTHER, V.CRASH, FAILED, False),
    (V.ERROR, NONE, V.ERROR, HARNESS, None),
    (V.ERROR, OTHER, V.ERROR, HARNESS, None),
    (V.NOT_CLAIMED, NONE, V.NOT_CLAIMED, EMPTY, True),
    (V.NOT_CLAIMED, OTHER, V.NOT_CLAIMED, EMPTY, True),
    (V.NOT_VERIFIED, NONE, V.NOT_VERIFIED, INCOMPLETE, None),
    (V.NOT_VERIFIED, OTHER, V.NOT_VERIFIED, INCOMPLETE, None),
]
"""Of `pass` and of what is no word about the plugin no entry can be made: there is no row of its own outcome."""


@pytest.mark.parametrize(("said", "listed", "shown", "code", "conforms"), TABLE)
def test_what_a_case_and_its_entry_come_to(said, listed, shown, code, conforms):
    others = sorted(EXCUSABLE - {said}, key=lambda outcome: outcome.value)
    outcomes = {NONE: [()], MATCHING: [(said,)], OTHER: [*((other,) for other in others), others]}[listed]
    for each in outcomes:
        entries = [Expectation("test_a.py::*", outcome, "because", RULE) for outcome in each]
        found = with_list(entries, said, set() if said is V.PASS else {RULE})
        assert found is shown
        assert exit_code([found]) == code
        assert conformant([found]) is conforms


def test_the_table_is_whole():
    rows = {(said, listed) for said, listed, *_ in TABLE}
    assert len(rows) == len(TABLE)
    said = set(V) - {V.EXPECTED, V.STALE}  # what a list makes of a case, and no case says
    assert rows == {(each, listed) for each in said for listed in (NONE, OTHER)} | {(each, MATCHING) for each in EXCUSABLE}
    assert {shown for _, _, shown, *_ in TABLE} == set(V)


@pytest.mark.parametrize(
    ("verdicts", "code", "conforms"),
    [
        ([V.PASS, V.WARN, V.NOT_CLAIMED], OK, True),
        ([V.PASS, V.EXPECTED], OK, False),
        ([V.EXPECTED, V.NOT_CLAIMED], OK, False),
        ([V.PASS, V.NOT_VERIFIED], INCOMPLETE, None),
        ([V.EXPECTED, V.NOT_VERIFIED], INCOMPLETE, False),
        ([V.NOT_CLAIMED, V.NOT_VERIFIED], INCOMPLETE, None),
        ([V.PASS, V.STALE], FAILED, False),
        ([V.EXPECTED, V.STALE], FAILED, False),
        ([V.FAIL, V.NOT_VERIFIED], FAILED, False),
        ([V.TIMEOUT, V.NOT_VERIFIED], FAILED, False),
        ([V.STALE, V.NOT_VERIFIED], FAILED, False),
        ([V.FAIL, V.ERROR], HARNESS, False),
        ([V.PASS, V.ERROR], HARNESS, None),
        ([V.STALE, V.ERROR], HARNESS, False),
        ([V.NOT_VERIFIED, V.ERROR], HARNESS, None),
        ([V.PASS, V.FAIL, V.NOT_VERIFIED, V.ERROR], HARNESS, False),
        ([V.NOT_CLAIMED, V.NOT_CLAIMED], EMPTY, True),
        ([], EMPTY, True),
    ],
)
def test_of_several_the_worst_decides(verdicts, code, conforms):
    for order in (verdicts, verdicts[::-1]):
        assert exit_code(order) == code
        assert conformant(order) is conforms
    assert exit_code(verdicts, allow_incomplete=True) == (OK if code == INCOMPLETE else code)
