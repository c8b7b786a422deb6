"""The verdict table: outcome x expectation, and the exit code of what came out."""

import pytest

from mockvendors.conformance.verdict import (
    EXIT,
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
from mockvendors.errors import EnvironmentFault, HarnessFault

V = Verdict


@pytest.mark.parametrize(
    ("exc", "warned", "expected"),
    [
        (None, False, V.PASS),
        (None, True, V.WARN),
        (RuleBroken("x"), False, V.FAIL),
        (AssertionError("x"), False, V.FAIL),
        (TimedOut("x"), False, V.TIMEOUT),
        (Crashed("x"), False, V.CRASH),
        (NotClaimed("x"), False, V.NOT_CLAIMED),
        (NotVerified("x"), False, V.NOT_VERIFIED),
        (HarnessFault("x"), False, V.ERROR),
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


def test_of_several_exceptions_the_worst_is_told():
    inner = ExceptionGroup("a finalizer's", [TimedOut("late"), KeyError("ours")])
    assert str(worst(ExceptionGroup("a teardown's", [RuleBroken("x"), inner]))) == "'ours'"
    alone = RuleBroken("x")
    assert worst(alone) is alone
    assert worst(None) is None


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([V.PASS], EXIT.as_expected),
        ([V.PASS, V.WARN, V.EXPECTED, V.NOT_CLAIMED], EXIT.as_expected),
        ([V.PASS, V.FAIL], EXIT.failed),
        ([V.TIMEOUT], EXIT.failed),
        ([V.CRASH], EXIT.failed),
        ([V.PASS, V.STALE], EXIT.failed),
        ([V.PASS, V.NOT_VERIFIED], EXIT.incomplete),
        ([V.FAIL, V.NOT_VERIFIED], EXIT.failed),
        ([V.FAIL, V.ERROR], EXIT.harness),
        ([V.NOT_CLAIMED], EXIT.nothing_ran),
        ([], EXIT.nothing_ran),
    ],
)
def test_exit_code(verdicts, code):
    assert exit_code(verdicts) == code


def test_incomplete_can_be_allowed():
    assert exit_code([V.PASS, V.NOT_VERIFIED], allow_incomplete=True) == EXIT.as_expected


@pytest.mark.parametrize("verdict", list(V))
def test_only_clean_runs_are_conformant(verdict):
    assert conformant([V.PASS, verdict]) is (verdict in {V.PASS, V.WARN, V.NOT_CLAIMED})
