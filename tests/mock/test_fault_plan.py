"""On which calls faults act, in what order, and what they do to an avatar."""

import pytest

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.errors import UsageFault
from mockvendors.faults import (
    Delay,
    DoubledFinish,
    EarlyFinish,
    FrozenFrames,
    IgnoresInterrupt,
    JoinsLate,
    JsonNull,
    LeavesEarly,
    LeavesInSpeech,
    LowFps,
    MissingField,
    NeverJoins,
    NoPlaybackFinished,
    NoPlaybackStarted,
    NoVideo,
    ReturnsAfter,
    Simulcast,
    SizeRamp,
    Status,
    WrongContentType,
    WrongSize,
)

from .bodies import body, room


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (None, [503, 503, 503, 503]),
        (2, [503, 503, 200, 200]),
        (0, [200, 200, 200, 200]),
        ([2, 4], [200, 503, 200, 503]),
        ({3}, [200, 200, 503, 200]),
        (range(2, 4), [200, 503, 503, 200]),
    ],
    ids=str,
)
async def test_call_numbers(tenant, call, calls, expected):
    tenant.faults.add(Status(503), operation="startSession", calls=calls)
    assert [(await call.start(body())).status for _ in range(4)] == expected


async def test_operations_count_their_own_calls(tenant, call):
    tenant.faults.add(Status(503), calls=1)
    statuses = [(await call.start(body())).status, (await call.token(body())).status, (await call.start(body())).status]
    assert statuses == [503, 503, 200]


async def test_faults_of_another_operation_or_tenant_do_not_act(tenant, call, client, mock):
    tenant.faults.add(Status(500), operation="createSessionToken")
    other = mock.new_tenant("anam")
    other.faults.add(Status(500))
    assert (await call.start(body())).status == 200
    assert (await client(other).start(body())).status == 500


async def test_the_first_added_is_outermost(tenant, call):
    tenant.faults.add(WrongContentType("text/a"))
    tenant.faults.add(WrongContentType("text/b"))
    tenant.faults.add(Status(502))
    tenant.faults.add(Delay(60))
    answer = await call.start(body())
    assert (answer.status, answer.headers["Content-Type"]) == (502, "text/a")
    assert tenant.journal.entries[0].faults == ("WrongContentType", "WrongContentType", "Status")


async def test_refusals_pass_through_faults(tenant, call):
    tenant.faults.add(MissingField("message"))
    answer = await call.start({})
    assert (answer.status, answer.body) == (400, {"error": "Bad request"})
    assert tenant.journal.entries[0].broken == ("anam.body.persona",)


async def test_the_key_is_looked_at_before_faults(tenant, call):
    tenant.faults.add(Status(500))
    assert (await call.start(body(), key="wrong")).status == 401


async def test_clear(tenant, call):
    tenant.faults.add(JsonNull())
    assert len(list(tenant.faults)) == 1
    tenant.faults.clear()
    assert (await call.start(body())).body["sessionId"] in tenant.sessions


def test_a_fault_that_cannot_apply(tenant):
    with pytest.raises(UsageFault, match="startSession"):
        tenant.faults.add(Status(500), operation="start")
    with pytest.raises(UsageFault, match="no fault"):
        tenant.faults.add("503")


@pytest.mark.parametrize(
    ("fault", "changed"),
    [
        (NeverJoins(), {"join": False}),
        (JoinsLate(2), {"join_delay": 2}),
        (LeavesEarly(), {"leave_before_video": True}),
        (ReturnsAfter(1), {"return_after": 1}),
        (NoVideo(), {"video": False}),
        (WrongSize(640, 360), {"size": (640, 360)}),
        (SizeRamp(((1, (640, 360)),)), {"size_ramp": ((1, (640, 360)),)}),
        (Simulcast(), {"simulcast": True}),
        (FrozenFrames(), {"frozen_frames": True}),
        (LowFps(5), {"fps": 5}),
        (NoPlaybackStarted(), {"playback_started": False}),
        (NoPlaybackFinished(), {"playback_finished": False}),
        (EarlyFinish(0.5), {"finish_factor": 0.5}),
        (DoubledFinish(), {"finish_count": 2}),
        (IgnoresInterrupt(), {"obeys_interrupt": False}),
        (LeavesInSpeech(1.5), {"leave_in_speech": 1.5}),
    ],
    ids=repr,
)
async def test_avatar_fault(tenant, call, fault, changed):
    tenant.faults.add(fault, operation="startSession", calls=1)
    first, second = [(await call.start(room())).body["sessionId"] for _ in range(2)]
    assert tenant.sessions[first].plan.behaviour == Behaviour(**changed)
    assert tenant.sessions[second].plan.behaviour == Behaviour()
    assert [entry.faults for entry in tenant.journal.entries] == [(type(fault).__name__,), ()]


async def test_of_avatar_faults_the_first_added_has_the_last_word(tenant, call):
    tenant.faults.add(LowFps(5))
    tenant.faults.add(LowFps(10))
    tenant.faults.add(NoVideo())
    started = (await call.start(room())).body["sessionId"]
    assert tenant.sessions[started].plan.behaviour == Behaviour(fps=5, video=False)


async def test_leave_on_speaker_left_is_a_setting(tenant, call):
    tenant.set("leave_on_speaker_left", False)
    started = (await call.start(room())).body["sessionId"]
    assert tenant.sessions[started].plan.behaviour.leave_on_speaker_gone is False
