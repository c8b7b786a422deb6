"""Faults of one call compose in one order, or contradict each other: no pair is left to the order of adding."""

from itertools import combinations

import pytest

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.faults import FAULTS, AvatarFault, Delay, ReplyFault, RequestFault, Stage
from mockvendors.faults.fault import contradiction
from mockvendors.replies import Cut, Reply

from .samples import SAMPLES

ANSWER = Reply(200, {"sessionId": "a", "engineHost": "b"})
STAGES = {RequestFault: {Stage.ARRIVAL, Stage.INSTEAD}, AvatarFault: {Stage.AVATAR}, ReplyFault: {Stage.ANSWER}}


def lost(fault, reply):
    try:
        return fault.apply(reply)
    except Cut:
        return None


def test_the_table_is_in_the_order_of_acting():
    stages = [kind.stage for kind in FAULTS.values()]
    assert stages == sorted(stages)
    assert all(FAULTS[name].stage in STAGES[base] for name in FAULTS for base in STAGES if issubclass(FAULTS[name], base))


@pytest.mark.parametrize("fault", SAMPLES, ids=lambda fault: fault.name)
def test_none_is_asked_for_twice_on_one_call(fault):
    assert contradiction(fault, fault) or isinstance(fault, Delay), "delays add up, all else is one"


@pytest.mark.parametrize(("one", "other"), list(combinations(SAMPLES, 2)), ids=lambda fault: fault.name)
def test_a_pair_contradicts_or_commutes(one, other):
    assert contradiction(one, other) == contradiction(other, one)
    if contradiction(one, other) is not None or one.stage is not other.stage:
        return
    if isinstance(one, AvatarFault):
        both = one.apply(other.apply(Behaviour()))
        assert both == other.apply(one.apply(Behaviour()))
        assert both not in {one.apply(Behaviour()), other.apply(Behaviour())}, "both are to be seen"
    if isinstance(one, ReplyFault):
        both = one.apply(other.apply(ANSWER))
        assert both == other.apply(one.apply(ANSWER))
        assert both not in (one.apply(ANSWER), other.apply(ANSWER)), "both are to be seen"


@pytest.mark.parametrize("fault", [f for f in SAMPLES if isinstance(f, ReplyFault)], ids=lambda fault: fault.name)
def test_a_fault_of_the_answer_changes_it(fault):
    assert lost(fault, ANSWER) != ANSWER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stall", "status"),
        ("stall", "trickle"),
        ("reset-before", "lost-answer"),
        ("lost-answer", "cut-body"),
        ("status", "no-content"),
        ("empty-body", "cut-body"),
        ("invalid-json", "missing-field"),
        ("never-joins", "low-fps"),
        ("no-video", "frozen-frames"),
        ("frozen-frames", "size-ramp"),
        ("no-playback-finished", "early-finish"),
        ("leaves-early", "leaves-in-speech"),
    ],
)
def test_contradictions(one, other):
    by_name = {fault.name: fault for fault in SAMPLES}
    assert contradiction(by_name[one], by_name[other])


@pytest.mark.parametrize("other", ["delay", "wrong-content-type", "missing-field", "trickle", "never-joins"])
def test_a_status_goes_with_much(other):
    by_name = {fault.name: fault for fault in SAMPLES}
    assert contradiction(by_name["status"], by_name[other]) is None


async def test_a_delays_jitter_is_within_its_bounds_and_the_same_in_each_run():
    class Waiting:
        def __init__(self, number):
            self.number, self.waited = number, 0.0

        async def pause(self, seconds):
            self.waited = seconds

    async def waits(fault):
        calls = [Waiting(number) for number in range(1, 21)]
        for call in calls:
            assert await fault.apply(call) is None
        return [call.waited for call in calls]

    first = await waits(Delay(1, jitter=0.5))
    assert first == await waits(Delay(1, jitter=0.5))
    assert len(set(first)) == 20
    assert all(1 <= waited <= 1.5 for waited in first)
    assert set(await waits(Delay(1))) == {1}
