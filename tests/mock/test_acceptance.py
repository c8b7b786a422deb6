"""What the mock accepts, and what becomes of it: the size of the avatar's frames, its room, its notes."""

import pytest

from .bodies import CARA_2, CARA_3, CARA_3_AND_4, CARA_4, PERSONA_CARA_3, ROOM, body, notes, options, room, sized


@pytest.mark.parametrize(
    ("sent", "size"),
    [
        (body(CARA_4), (1152, 768)),
        (body(CARA_3), (720, 480)),
        (body(CARA_2), (720, 480)),
        (body(CARA_3_AND_4), (720, 480)),
        (body(CARA_3_AND_4, avatarModel="cara-4"), (1152, 768)),
        (body(CARA_4, avatarModel="cara-3"), (720, 480)),
        (body(CARA_4, avatarModel=None), (1152, 768)),
        (sized(1152, 768), (1152, 768)),
        (sized(768, 1152), (768, 1152)),
        (sized(768, 1152, avatarModel="cara-4-latest"), (768, 1152)),
        (sized(720, 480, CARA_3), (720, 480)),
        (sized(None, None), (1152, 768)),
        (sized(1152.0, 768), (1152, 768)),
        ({"personaConfig": {"personaId": PERSONA_CARA_3}}, (720, 480)),
        ({"personaConfig": {"personaId": PERSONA_CARA_3, "avatarId": CARA_4}}, (720, 480)),
        ({"personaConfig": {"personaId": PERSONA_CARA_3, "avatarId": None}}, (720, 480)),
    ],
    ids=str,
)
async def test_size_of_the_avatar(call, tenant, sent, size):
    answer = await call.start({**sent, "environment": ROOM})
    assert answer.status == 200, answer.body
    plan = tenant.sessions[answer.body["sessionId"]].plan
    assert (plan.width, plan.height) == size


@pytest.mark.parametrize(
    "sent",
    [
        notes(expressivity=0),
        notes(expressivity=1),
        notes(presetStyle="distressed"),
        notes(presetStyle="happy", customStylePrompt=None),
        notes(customStylePrompt="x" * 2000),
        body(CARA_3, directorNotes={"presetStyle": "happy"}),
        body(CARA_3, directorNotes={"presetStyle": "laughter", "expressivity": 7}),
        body(CARA_4, avatarModel="cara-3", directorNotes={"presetStyle": "warm", "customStylePrompt": "both"}),
        {"personaConfig": {"personaId": PERSONA_CARA_3, "directorNotes": {"presetStyle": "laughter"}}},
        options(showAIAvatarDisclosure=True),
        options(showAIAvatarDisclosure=False),
        options(videoQuality="auto", regionPolicy="strict", region="eu"),
        {**body(), "sessionOptions": None, "environment": None},
        {**body(), "future": {"field": [1]}, "clientMetadata": {"client": "x", "version": "1"}},
        body(type="ephemeral", llmId="CUSTOMER_CLIENT_V1", name="a label", voiceId="v", enableAudioPassthrough=True),
    ],
    ids=lambda sent: str(sent)[:80],
)
async def test_body_is_accepted(call, tenant, sent):
    answer = await call.start(sent)
    assert answer.status == 200, answer.body
    assert tenant.journal.entries[0].body == sent


async def test_answer_holds_what_clients_read(call, tenant):
    answer = await call.start(room())
    assert set(answer.body) == {
        "sessionId",
        "engineHost",
        "engineProtocol",
        "signallingEndpoint",
        "region",
        "clientConfig",
    }
    assert list(tenant.sessions) == [answer.body["sessionId"]]
    assert tenant.journal.entries[0].session == answer.body["sessionId"]


async def test_plan_of_the_avatar(call, tenant):
    tenant.set("speaker_left_grace", 7)
    await call.start(room())
    (session,) = tenant.sessions.values()
    plan = session.plan
    assert (plan.url, plan.token) == (ROOM["livekitUrl"], ROOM["livekitToken"])
    assert (plan.vendor, plan.label, plan.fps, plan.grace_seconds) == ("anam", "stock 1", 25, 7)
    assert ROOM["livekitToken"] not in repr(session.plan)


async def test_without_a_room_nobody_joins(call, tenant):
    await call.start(body())
    (session,) = tenant.sessions.values()
    assert (session.plan, session.avatar, session.state) == (None, None, "starting")


async def test_avatars_none_accepts_and_nobody_joins(call, tenant):
    tenant.set("avatars", "none")
    answer = await call.start(room())
    session = tenant.sessions[answer.body["sessionId"]]
    assert answer.status == 200
    assert session.plan is not None
    assert (session.avatar, session.state) == (None, "starting")


async def test_success_status_is_a_setting(call, tenant):
    tenant.set("success_status", 201)
    assert (await call.start(body())).status == 201


async def test_size_table_is_data(call, tenant, client, mock):
    tenant.overlay({"sizes": {"cara-4": {"pairs": {"1280x720": {}}}}})
    assert (await call.start(sized(1280, 720))).status == 200
    assert (await call.start(sized(1152, 768))).status == 200
    other = client(mock.new_tenant("anam"))
    assert (await other.start(sized(1280, 720))).status == 400


async def test_a_model_and_its_avatar_are_data(call, tenant):
    tenant.overlay(
        {
            "sizes": {"cara-5": {"default": "640x640", "pairs": {"640x640": {}}}},
            "avatars": {
                "new": {
                    "displayName": "New",
                    "variantName": "x",
                    "activeVersion": "cara-5",
                    "availableVersions": ["cara-5"],
                }
            },
        }
    )
    answer = await call.start({**body("new"), "environment": ROOM})
    assert tenant.sessions[answer.body["sessionId"]].plan.size == (640, 640)
    tenant.overlay({"avatars": {"new": None}})
    assert (await call.start(body("new"))).status == 404


async def test_catalogue(call):
    listed = (await call("GET", "/v1/avatars")).body["data"]
    assert len(listed) >= 10
    one = await call("GET", f"/v1/avatars/{CARA_3}")
    assert one.body in listed
    assert one.body["activeVersion"] == "cara-3"
    assert (await call("GET", "/v1/avatars/nobody")).status == 404


@pytest.mark.parametrize(
    ("persona", "asked"),
    [({"avatarId": "my-own"}, "avatar my-own"), ({"personaId": "mine", "avatarId": CARA_3}, "persona mine")],
)
async def test_an_unknown_avatar_can_be_stood_in_for(call, tenant, persona, asked):
    tenant.set("unknown_avatars", "accept")
    answer = await call.start({"personaConfig": persona, "environment": ROOM})
    session = tenant.sessions[answer.body["sessionId"]]
    assert (session.plan.size, session.facts["model"]) == ((1152, 768), "cara-4")
    (remark,) = session.remarks
    assert remark.text == f"{asked} is not in the mock's catalogue; stood in for by stock 1 ({CARA_4}, cara-4)"
    assert remark.once


async def test_who_stands_in_is_data(call, tenant):
    tenant.set("unknown_avatars", "accept")
    tenant.overlay({"stand_in": {"avatar": {"value": CARA_3}}})
    answer = await call.start({**body("my-own"), "environment": ROOM})
    assert tenant.sessions[answer.body["sessionId"]].plan.size == (720, 480)
    assert (await call("GET", "/v1/avatars/my-own")).body["activeVersion"] == "cara-3"
    tenant.overlay({"avatars": {CARA_3: None}})
    assert (await call.start(body("my-own"))).status == 404


async def test_a_known_avatar_needs_no_remark(call, tenant):
    tenant.set("unknown_avatars", "accept")
    await call.start(room())
    (session,) = tenant.sessions.values()
    assert session.remarks == ()


async def test_a_session_without_a_room_says_so(call, tenant):
    await call.start(body())
    (session,) = tenant.sessions.values()
    assert [remark.text for remark in session.remarks] == [
        "no LiveKit in the request: WebRTC sessions are not stood in for, no avatar joins"
    ]
