"""What the list of known failures makes of a verdict, and of several entries for one case."""

import pytest

from mockvendors.conformance.expectations import Expectation, shadowed
from mockvendors.conformance.known import broken_rules, excusing, with_list
from mockvendors.conformance.verdict import DriverDied, RuleBroken, TimedOut, Verdict

V = Verdict
A, B = "core.errors.retry", "core.errors.pause"


def entry(outcome, rule=None, match="test_a.py::TestA::*", versions=None):
    return Expectation(match, outcome, f"{outcome.value} of {rule}", rule, versions)


@pytest.mark.parametrize(
    ("verdict", "listed", "expected"),
    [
        (V.PASS, None, V.PASS),
        (V.FAIL, None, V.FAIL),
        (V.FAIL, V.FAIL, V.EXPECTED),
        (V.TIMEOUT, V.TIMEOUT, V.EXPECTED),
        (V.CRASH, V.CRASH, V.EXPECTED),
        (V.WARN, V.WARN, V.EXPECTED),
        (V.PASS, V.FAIL, V.STALE),
        (V.WARN, V.FAIL, V.STALE),
        (V.PASS, V.TIMEOUT, V.STALE),
        (V.TIMEOUT, V.FAIL, V.TIMEOUT),
        (V.CRASH, V.FAIL, V.CRASH),
        (V.FAIL, V.TIMEOUT, V.FAIL),
        (V.ERROR, V.FAIL, V.ERROR),
        (V.NOT_VERIFIED, V.FAIL, V.NOT_VERIFIED),
        (V.NOT_CLAIMED, V.FAIL, V.NOT_CLAIMED),
    ],
)
def test_what_a_listed_outcome_makes_of_it(verdict, listed, expected):
    broken = set() if verdict is V.PASS else {A}
    assert with_list([entry(listed)] if listed else [], verdict, broken) is expected


@pytest.mark.parametrize("outcome", [V.FAIL, V.TIMEOUT, V.CRASH, V.WARN])
def test_entry_with_a_rule_excuses_that_rule_and_no_other(outcome):
    listed = [entry(outcome, A)]
    assert with_list(listed, outcome, {A}) is V.EXPECTED
    assert with_list(listed, outcome, {B}) is (V.STALE if outcome is V.WARN else outcome)
    assert with_list(listed, outcome, {None}) is (V.STALE if outcome is V.WARN else outcome)


@pytest.mark.parametrize("broken", [A, B])
def test_each_of_two_entries_excuses_its_own_rule(broken):
    listed = [entry(V.FAIL, A), entry(V.FAIL, B)]
    assert with_list(listed, V.FAIL, {broken}) is V.EXPECTED
    assert [found.rule for found in excusing(listed, V.FAIL, {broken})] == [broken]
    assert with_list(listed, V.PASS, set()) is V.STALE


@pytest.mark.parametrize("said", [V.FAIL, V.TIMEOUT])
def test_each_of_two_entries_excuses_its_own_outcome(said):
    listed = [entry(V.FAIL, A), entry(V.TIMEOUT, A)]
    assert with_list(listed, said, {A}) is V.EXPECTED
    assert with_list(listed, V.CRASH, {A}) is V.CRASH


def test_of_two_warnings_both_are_to_be_listed():
    one, other = entry(V.WARN, A), entry(V.WARN, B)
    assert with_list([one], V.WARN, {A, B}) is V.WARN
    assert with_list([one, other], V.WARN, {A, B}) is V.EXPECTED
    assert with_list([entry(V.WARN)], V.WARN, {A, B}) is V.EXPECTED


@pytest.mark.parametrize(
    ("said", "exc", "broken"),
    [
        (V.PASS, None, set()),
        (V.FAIL, RuleBroken(f"{A}: told"), {A}),
        (V.FAIL, AssertionError("somebody's own"), {B}),
        (V.TIMEOUT, TimedOut("late"), {B}),
        (V.CRASH, DriverDied("dead"), {B}),
        (V.WARN, None, {A, "core.x"}),
    ],
)
def test_rules_that_a_case_broke(said, exc, broken):
    assert broken_rules(said, exc, [f"{A}: told", "core.x: told"], B) == broken


def test_rule_of_a_case_without_a_mark_is_not_known():
    assert broken_rules(V.TIMEOUT, TimedOut("late"), [], None) == {None}


# entries that can never act

CASES = ("test_a.py::TestA::test_x[400]", "test_a.py::TestA::test_x[500]", "test_a.py::TestA::test_y")
NARROW = "test_a.py::TestA::test_x[400]"


@pytest.mark.parametrize(
    ("entries", "dead"),
    [
        ([entry(V.FAIL, A), entry(V.FAIL, A)], [1]),
        ([entry(V.FAIL, A), entry(V.FAIL, B)], []),
        ([entry(V.FAIL, A), entry(V.TIMEOUT, A)], []),
        ([entry(V.FAIL), entry(V.FAIL, A)], [1]),
        ([entry(V.FAIL, A), entry(V.FAIL)], [0]),
        ([entry(V.FAIL, A, NARROW), entry(V.FAIL, A)], [0]),
        ([entry(V.FAIL, A), entry(V.FAIL, A, NARROW)], [1]),
        ([entry(V.FAIL, A, "*400]"), entry(V.FAIL, A, "*test_x*")], [0]),
        ([entry(V.FAIL, A, "*400]"), entry(V.FAIL, B, "*500]"), entry(V.FAIL, A, "*test_x*")], [0]),
        ([entry(V.FAIL, A, "*400]"), entry(V.FAIL, A, "*500]"), entry(V.FAIL, A, "*test_x*")], [2]),
        ([entry(V.FAIL, A, versions="<1.8.3"), entry(V.FAIL, A, versions=">=1.8.3")], []),
        ([entry(V.FAIL, A, versions="<2"), entry(V.FAIL, A, versions="<2,>=1.8")], [1]),
        ([entry(V.FAIL, A), entry(V.FAIL, A, versions="<2")], [1]),
        ([entry(V.FAIL, A, "*other*"), entry(V.FAIL, A, "*other*")], []),
    ],
)
def test_entry_that_can_never_act_is_told(entries, dead):
    told = shadowed(entries, CASES)
    assert len(told) == len(dead)
    for line, number in zip(told, dead, strict=True):
        assert line.startswith(f"{entries[number].match!r} ({entries[number].reason}) can never act: '")
