"""On which calls faults act, in what order, what they do to an avatar, and which of them never did anything."""

from itertools import permutations

import pytest

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.errors import UsageFault
from mockvendors.faults import (
    CutBody,
    Delay,
    JsonNull,
    LowFps,
    MissingField,
    NeverJoins,
    NoContent,
    NoVideo,
    Status,
    Trickle,
    WrongContentType,
)

from .bodies import body, room


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (None, [503, 503, 503, 503]),
        (2, [200, 503, 200, 200]),
        ([2, 4], [200, 503, 200, 503]),
        (range(2, 4), [200, 503, 503, 200]),
        ("1-2", [503, 503, 200, 200]),
        ("2-", [200, 503, 503, 503]),
        ("1+3-", [503, 200, 503, 503]),
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


async def test_a_fault_of_a_session_acts_on_the_calls_that_name_it(tenant, call):
    first, second = [(await call.start(body())).body["sessionId"] for _ in range(2)]
    tenant.faults.add(Status(500), session=second)
    tenant.faults.add(Status(502), operation="stopSession", session=3)
    third = (await call.start(body())).body["sessionId"]
    stops = [(await call("POST", f"/v1/sessions/{name}/stop")).status for name in (first, second, third)]
    assert stops == [200, 500, 502]
    assert (await call("GET", f"/v1/sessions/{third}")).status == 200


async def test_a_fault_of_a_session_acts_on_its_avatar(tenant, call):
    tenant.faults.add(LowFps(5), session=2)
    started = [(await call.start(room())).body["sessionId"] for _ in range(3)]
    assert [tenant.sessions[name].plan.behaviour.fps for name in started] == [None, 5, None]


FAULTS = [Delay(0.001), Status(502), MissingField("message"), WrongContentType("text/a"), Trickle(1e6)]


async def test_the_order_of_adding_means_nothing(tenant, call):
    seen = set()
    for order in list(permutations(FAULTS))[::7]:
        tenant.faults.clear()
        for fault in order:
            tenant.faults.add(fault)
        answer = await call.start(body())
        seen.add((answer.status, answer.headers["Content-Type"], answer.body))
        acted = tenant.journal.entries[-1].faults
        assert acted[:2] == ("delay", "status")
        assert set(acted[2:]) == {"missing-field", "wrong-content-type", "trickle"}
    assert seen == {(502, "text/a", b'{"error":"Bad Gateway"}')}


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


async def test_a_fault_of_the_avatar_acts_on_the_session_of_its_call(tenant, call):
    tenant.faults.add(NeverJoins(), operation="startSession", calls=1)
    first, second = [(await call.start(room())).body["sessionId"] for _ in range(2)]
    assert tenant.sessions[first].plan.behaviour == Behaviour(join=False)
    assert tenant.sessions[second].plan.behaviour == Behaviour()
    assert [entry.faults for entry in tenant.journal.entries] == [("never-joins",), ()]


async def test_leave_on_speaker_left_is_a_setting(tenant, call):
    tenant.set("leave_on_speaker_left", False)
    started = (await call.start(room())).body["sessionId"]
    assert tenant.sessions[started].plan.behaviour.leave_on_speaker_gone is False


@pytest.mark.parametrize(
    ("fault", "address", "words"),
    [
        (Status(500), {"operation": "startsession"}, "Nearest: startSession"),
        (Status(500), {"operation": "stop"}, "Nearest: stopSession"),
        (Status(500), {"calls": 0}, "no calls 0. Calls are numbered from 1"),
        (Status(500), {"calls": []}, "numbered from 1"),
        (Status(500), {"calls": [1, 0]}, "numbered from 1"),
        (Status(500), {"calls": True}, "numbered from 1"),
        (Status(500), {"calls": "3-1"}, "no calls '3-1'"),
        (Status(500), {"calls": "some"}, "no calls 'some'"),
        (Status(500), {"session": 0}, "no session 0"),
        (Status(500), {"session": "7d2e"}, "no session '7d2e'"),
        (Status(500), {"operation": "startSession", "session": 1}, "names no session in its path. Address it by `calls`"),
        (NoVideo(), {"operation": "stopSession"}, "no-video:operation=stopSession cannot act: stopSession starts no avatar"),
        (MissingField("sessionID"), {"operation": "startSession"}, "no answer of startSession has it. Nearest: sessionId"),
        (MissingField("exitStatus"), {"operation": "startSession"}, "no answer of startSession has it"),
        (MissingField("nosuch"), {}, "no answer of this vendor has it"),
        (MissingField("sessionToken"), {"session": 1}, "missing-field:field=sessionToken,session=1 cannot act"),
        (CutBody(), {"operation": "deleteSession"}, "deleteSession answers 204, without a body. Ask for an answer with a body"),
        (Trickle(9), {"operation": "postMetrics"}, "postMetrics answers 204"),
        (WrongContentType(), {"operation": "postMetrics"}, "cannot act"),
        (NoContent(), {"operation": "deleteSession"}, "cannot act"),
        (JsonNull(), {"operation": "deleteSession", "session": 1}, "cannot act"),
        ("503", {}, "'503' is no fault"),
        (Status, {}, "is no fault"),
    ],
    ids=str,
)
def test_a_fault_that_cannot_act(tenant, fault, address, words):
    with pytest.raises(UsageFault) as told:
        tenant.faults.add(fault, **address)
    assert words in str(told.value)
    assert not list(tenant.faults)


async def test_a_fault_of_an_avatar_that_is_in_the_room_already(tenant, call):
    started = (await call.start(room())).body["sessionId"]
    for session in (1, started):
        with pytest.raises(UsageFault, match=r"session 1 has begun.*the next one is session 2"):
            tenant.faults.add(NoVideo(), session=session)


def test_faults_that_contradict_each_other(tenant):
    tenant.faults.add(Status(503), calls="1-2")
    with pytest.raises(UsageFault, match=r"status:status=500 and status:status=503,calls=1-2 contradict.*answer.status"):
        tenant.faults.add(Status(500))
    tenant.faults.add(Status(500), calls="3-")
    tenant.faults.add(NeverJoins(), session=2)
    tenant.faults.add(NoVideo(), session=3)
    with pytest.raises(UsageFault, match=r"both decide avatar.picture"):
        tenant.faults.add(LowFps(5), session=3)


async def test_an_answer_with_a_body_that_is_asked_for_has_one_to_spoil(tenant, call):
    tenant.faults.add(Status(409), operation="deleteSession", calls="2-")
    with pytest.raises(UsageFault, match=r"status:status=500,operation=deleteSession"):
        tenant.faults.add(JsonNull(), operation="deleteSession", calls=1)
    tenant.faults.add(JsonNull(), operation="deleteSession", calls=2)
    tenant.faults.add(MissingField("message"), operation="deleteSession", calls=1)
    answers = [(await call("DELETE", "/v1/sessions/nobody")).body for _ in range(2)]
    assert answers == [{"error": "Not found"}, None]


async def test_what_never_acted_is_told(tenant, call):
    tenant.faults.add(MissingField("exitStatus"))
    tenant.faults.add(Status(500), calls=2)
    tenant.faults.add(NoVideo())
    tenant.faults.add(Delay(0.001))
    assert (await call.start(room())).status == 200
    assert [str(planned) for planned in tenant.faults.unmet()] == [
        "missing-field:field=exitStatus",
        "status:status=500,calls=2",
    ]


async def test_without_avatars_no_fault_of_an_avatar_is_met(tenant, call):
    tenant.set("avatars", "none")
    tenant.faults.add(NoVideo())
    await call.start(room())
    assert [str(planned) for planned in tenant.faults.unmet()] == ["no-video"]
    assert tenant.journal.entries[0].faults == ()


async def test_text_and_data_ask_for_the_same(tenant, call):
    planned = tenant.faults.add_text("status:status=503,operation=startSession,calls=1")
    tenant.faults.add_data({"fault": "status", "status": 500, "operation": "startSession", "calls": [2]})
    assert planned.data() == {"fault": "status", "status": 503, "operation": "startSession", "calls": "1"}
    assert [(await call.start(body())).status for _ in range(3)] == [503, 500, 200]
