"""The verdict in words."""

from dataclasses import replace

import pytest

from mockvendors.conformance.results import CaseResult
from mockvendors.conformance.summary import DRIVER, HARNESS, conformance, hints, is_conformant, lines
from mockvendors.conformance.verdict import LIVEKIT, Verdict

V = Verdict


def results(*verdicts, of=0, lacks=""):
    return [CaseResult(f"test_{n}", v, "because", lacks, "toy 1", of, "agents:toy") for n, v in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ([V.PASS, V.EXPECTED], "no: 1 listed failure"),
        ([V.EXPECTED] * 6, "no: 6 listed failures"),
        ([V.FAIL, V.FAIL, V.CRASH, V.TIMEOUT], "no: 2 failed, 1 timed out, 1 crashed"),
        ([V.FAIL, V.ERROR, V.NOT_VERIFIED], "no: 1 failed; besides, 1 ended in a fault of ours, 1 case not verified"),
        ([V.EXPECTED, V.NOT_VERIFIED], "no: 1 listed failure; besides, 1 case not verified"),
        ([V.STALE, V.EXPECTED], "no: 1 listed failure passed, 1 listed failure"),
    ],
)
def test_no_has_its_reason(verdicts, told):
    assert (is_conformant(results(*verdicts)), conformance(results(*verdicts))) == (False, told)


@pytest.mark.parametrize(
    ("verdicts", "of", "told"),
    [
        ([V.PASS, V.ERROR], 2, "cannot be said: 1 ended in a fault of ours"),
        ([V.PASS, V.NOT_VERIFIED, V.NOT_VERIFIED], 3, "cannot be said: 2 cases not verified"),
        ([V.NOT_VERIFIED], 170, "cannot be said: 1 case not verified, 1 case of 170 ran"),
    ],
)
def test_what_was_not_judged_says_nothing_of_the_plugin(verdicts, of, told):
    assert (is_conformant(results(*verdicts, of=of)), conformance(results(*verdicts, of=of))) == (None, told)


OF_TOY = DRIVER.format("agents:toy")


@pytest.mark.parametrize(
    ("drivers", "told"),
    [
        ([True, True], [DRIVER.format("agents:toy")]),
        ([False], [HARNESS]),
        ([True, False], [HARNESS, DRIVER.format("agents:toy")]),
    ],
)
def test_who_is_to_blame_is_named(drivers, told):
    wrong = [replace(results(V.ERROR)[0], drivers=each) for each in drivers]
    assert list(hints(7, wrong)) == told


def test_a_fault_of_the_driver_is_not_ours():
    assert conformance([replace(results(V.ERROR, of=1)[0], drivers=True)]) == "cannot be said: 1 ended in a fault of the driver"


def test_what_is_missing_is_named_with_its_remedy():
    told = conformance(results(V.NOT_VERIFIED, V.NOT_VERIFIED, of=2, lacks=LIVEKIT))
    assert told == "cannot be said: 2 cases not verified (no LiveKit server); run with a LiveKit server, see `mockvendors doctor`"


def test_a_part_is_never_called_conformant():
    assert conformance(results(V.PASS, V.WARN, of=2)) == "yes"
    assert conformance(results(V.PASS, of=2)) == "cannot be said: 1 case of 2 ran"
    assert conformance(results(V.PASS)) == "cannot be said: 1 case of a larger suite ran"


def scored(verdict, *, counts=True, unjudged=(), of=1):
    return CaseResult(
        "test_1", verdict, "because", "", "toy 1", of, "agents:toy", profile="toy/2026.1", scored=counts, unjudged=unjudged
    )


@pytest.mark.parametrize("verdict", [V.FAIL, V.TIMEOUT, V.CRASH, V.EXPECTED, V.STALE, V.NOT_VERIFIED])
def test_what_does_not_count_changes_nothing_and_is_told(verdict):
    cases = [scored(V.PASS, of=2), scored(verdict, counts=False, of=2)]
    assert (is_conformant(cases), conformance(cases)) == (True, "yes")
    told = list(lines(cases))
    assert f"profile: toy/2026.1 · 1 not scored: 1 {verdict.value}" in told
    assert told[0] == " · ".join(f"1 {each.value}" for each in sorted([V.PASS, verdict], key=list(V).index))
    fact = None if verdict is V.NOT_VERIFIED else False
    assert is_conformant([scored(V.PASS, of=2), scored(verdict, of=2)]) is fact


def test_profile_of_which_a_rule_is_judged_by_no_case_makes_nobody_conformant():
    cases = [scored(V.PASS, unjudged=("toy.a", "toy.b"))]
    assert is_conformant(cases) is None
    assert conformance(cases) == "cannot be said: no case judges toy.a and 1 more of toy/2026.1"
    assert is_conformant([scored(V.FAIL, unjudged=("toy.a",))]) is False


def test_what_is_not_claimed_is_told_beside_yes():
    cases = results(V.PASS, V.NOT_CLAIMED, V.NOT_CLAIMED, of=3)
    assert (is_conformant(cases), conformance(cases)) == (True, "yes, in what it claims (2 cases not claimed)")


def test_what_is_not_claimed_is_named_with_its_number_of_cases():
    needs = [("room", "speak"), ("call.two",), ("room",), ()]
    cases = [replace(case, unclaimed=each) for case, each in zip(results(*[V.NOT_CLAIMED] * 4), needs, strict=True)]
    told = [line for line in lines([*cases, *results(V.PASS)]) if "not claimed:" in line]
    assert told == ["  not claimed: room (2), because (1), call.two (1), speak (1)"]
    assert not [line for line in lines(results(V.PASS)) if "not claimed" in line]


def test_nobody_is_conformant_without_a_room():
    cases = [scored(V.PASS, of=2), replace(scored(V.NOT_CLAIMED, of=2), roomless=True)]
    assert is_conformant(cases) is None
    assert conformance(cases) == "cannot be said: 1 case needs a room, and `room` is not claimed"
    assert is_conformant([*cases, scored(V.FAIL, of=3)]) is False


def test_order_of_arrival_does_not_show():
    arrived = results(V.EXPECTED, V.EXPECTED)
    assert list(lines(arrived)) == list(lines(arrived[::-1]))
