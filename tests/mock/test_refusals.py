"""One row a refusal: what is sent, the status, the rule that the answer names."""

import pytest

from .bodies import CARA_2, CARA_3, CARA_3_AND_4, body, notes, options, room, sized

SIZES = [
    (sized(720, 1280), "anam.size.pair"),
    (sized(768, 1536), "anam.size.pair"),
    (sized(768, 1344), "anam.size.pair"),
    (sized(576, 1152), "anam.size.pair"),
    (sized(720, 480), "anam.size.pair"),
    (sized(768, 1152, CARA_3), "anam.size.pair"),
    (sized(1152, 768, CARA_3), "anam.size.pair"),
    (sized(1152, 768, CARA_3_AND_4), "anam.size.pair"),
    (sized(720, 480, CARA_3_AND_4, avatarModel="cara-4"), "anam.size.pair"),
    (sized(1152, 768, CARA_2), "anam.size.pair"),
    (options(videoWidth=1152), "anam.size.both-or-neither"),
    (options(videoHeight=768), "anam.size.both-or-neither"),
    (options(videoWidth=None), "anam.size.both-or-neither"),
    (sized(1152, None), "anam.size.both-or-neither"),
    (sized(None, 768), "anam.size.both-or-neither"),
    (sized("1152", 768), "anam.size.type"),
    (sized(1152, "768"), "anam.size.type"),
    (sized(0, 768), "anam.size.type"),
    (sized(-1, -1), "anam.size.type"),
    (sized(1152.5, 768), "anam.size.type"),
    (sized(True, True), "anam.size.type"),
    (sized([1152], {"h": 768}), "anam.size.type"),
]
PERSONAS = [
    ({}, 400, "anam.body.persona"),
    ({"personaConfig": None}, 400, "anam.body.persona"),
    ({"personaConfig": {}}, 400, "anam.body.persona"),
    ({"personaConfig": {"name": "no avatar"}}, 400, "anam.body.persona"),
    (body(7), 400, "anam.body.persona"),
    (body(""), 400, "anam.body.persona"),
    ({"personaConfig": {"personaId": None}}, 400, "anam.body.persona"),
    (body(None), 400, "anam.body.persona"),
    (body("00000000-0000-0000-0000-000000000000"), 404, "anam.avatar.unknown"),
    ({"personaConfig": {"personaId": "nobody"}}, 404, "anam.avatar.unknown"),
    (body(avatarModel="cara-9"), 400, "anam.avatar.model"),
    (body(avatarModel=4), 400, "anam.avatar.model-name"),
    (body(CARA_3, avatarModel="cara-4"), 400, "anam.avatar.model"),
    (body(maxSessionLengthSeconds=0), 400, "anam.session.length-type"),
    (body(maxSessionLengthSeconds="long"), 400, "anam.session.length-type"),
    (notes(expressivity=1.5), 400, "anam.notes.expressivity"),
    (notes(expressivity=-0.1), 400, "anam.notes.expressivity"),
    (notes(expressivity="high"), 400, "anam.notes.expressivity"),
    (notes(presetStyle="laughter"), 400, "anam.notes.preset"),
    (notes(presetStyle="surprised"), 400, "anam.notes.preset"),
    (notes(presetStyle="happy", customStylePrompt="be glad"), 400, "anam.notes.exclusive"),
    (notes(customStylePrompt="x" * 2001), 400, "anam.notes.length"),
    (body(directorNotes="happy"), 400, "anam.notes.type"),
    ({**body(), "environment": {"livekitUrl": "ws://127.0.0.1"}}, 400, "anam.body.environment"),
    ({**body(), "environment": {"livekitToken": "t"}}, 400, "anam.body.environment"),
    ({**body(), "environment": {"livekitUrl": "nowhere", "livekitToken": "t"}}, 400, "anam.body.environment"),
    ({**body(), "environment": {"livekitUrl": 7, "livekitToken": "t"}}, 400, "anam.body.environment"),
    (options(showAIAvatarDisclosure="yes"), 400, "anam.disclosure.type"),
    (options(showAIAvatarDisclosure=1), 400, "anam.disclosure.type"),
    (options(videoQuality="ultra"), 400, "anam.session.quality"),
    (options(regionPolicy="strict"), 400, "anam.session.region"),
    (options(regionPolicy="somewhere", region="eu"), 400, "anam.session.region"),
    ({**body(), "sessionOptions": []}, 400, "anam.body.session-options"),
]


@pytest.mark.parametrize(("sent", "rule"), SIZES, ids=str)
async def test_size_is_refused(call, tenant, sent, rule):
    answer = await call.start(sent)
    assert (answer.status, answer.rule) == (400, rule), answer.body
    assert not tenant.sessions
    assert rule in tenant.journal.calls("startSession")[0].broken


@pytest.mark.parametrize(("sent", "status", "rule"), PERSONAS, ids=str)
async def test_body_is_refused(call, tenant, sent, status, rule):
    answer = await call.start(sent)
    assert (answer.status, answer.rule) == (status, rule), answer.body
    assert not tenant.sessions
    assert answer.body["message"].endswith(f"({rule})") == (status != 404), "a 404 has the vendor's own words"


BOTH = "supported by cara-4: 1152x768, 768x1152"


@pytest.mark.parametrize(
    ("sent", "asked", "allowed"),
    [
        (sized(720, 1280), "videoWidth 720 with videoHeight 1280", BOTH),
        (sized(1152, 768, CARA_3), "videoWidth 1152 with videoHeight 768", "supported by cara-3: 720x480"),
        (options(videoWidth=1152), "videoWidth 1152 without videoHeight", BOTH),
        (options(videoHeight=768), "videoHeight 768 without videoWidth", BOTH),
        (sized(1152, None), "videoWidth 1152 with videoHeight null", BOTH),
        (sized("1152", "768"), 'videoWidth "1152" with videoHeight "768"', BOTH),
        (sized("9" * 5000, 768), f'videoWidth "{"9" * 39} ... with videoHeight 768', BOTH),
        (sized(0, 768, CARA_3_AND_4, avatarModel="cara-4"), "videoWidth 0 with videoHeight 768", BOTH),
        (sized(True, [1]), "videoWidth true with videoHeight [1]", BOTH),
        (sized(10**30, -(10**30)), "videoWidth 1", BOTH),
        (sized(0, 0, CARA_3, avatarModel="cara-9"), "videoWidth 0 with videoHeight 0", "supported by cara-3: 720x480; " + BOTH),
    ],
    ids=lambda value: str(value)[:80],
)
@pytest.mark.parametrize("first", ["engine_session", "session_token"])
async def test_every_refusal_of_a_size_tells_what_was_asked_for_and_what_is_allowed(call, tenant, *, sent, asked, allowed, first):
    tenant.set("validate_at", first)
    answer = await (call.token(sent) if first == "session_token" else call.start(sent))
    assert answer.rule.startswith("anam.size.")
    assert asked in answer.body["message"]
    assert allowed in answer.body["message"]


async def test_an_unknown_avatar_has_the_body_that_was_measured(call):
    answer = await call.start(body("nobody"))
    assert answer.body == {"error": "Not found", "message": "Avatar with id nobody does not exist."}


async def test_every_broken_rule_is_in_the_journal(call, tenant):
    await call.start(options(videoWidth="1152", showAIAvatarDisclosure="yes"))
    broken = set(tenant.journal.entries[0].broken)
    assert broken == {"anam.size.type", "anam.size.both-or-neither", "anam.disclosure.type"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic {key}"},
        {"Authorization": "{key}"},
        {"X-Api-Key": "{key}"},
    ],
    ids=str,
)
async def test_credential_is_refused(call, mock, headers):
    sent = {name: value.format(key=call.key) for name, value in headers.items()}
    answer = await call.start(room(), headers=sent)
    assert (answer.status, answer.rule) == (401, "anam.auth.bearer")
    assert [entry.status for entry in mock.journal.entries] == [401]
    assert call.key not in mock.journal.text() + repr(mock.journal.entries)
