"""The start by two calls: token, then engine."""

import asyncio

import jwt
import pytest

from mockvendors.server import MockServer
from mockvendors.vendors.anam.tokens import TOKENS_KEPT, Tokens, known

from .bodies import CARA_3, ROOM, body, room, sized

BAD = sized(720, 1280)


async def test_two_calls_start_what_the_first_asked_for(call, tenant):
    token = (await call.token({**sized(768, 1152), "environment": ROOM})).body["sessionToken"]
    answer = await call.start({}, key=token)
    assert answer.status == 200, answer.body
    assert tenant.sessions[answer.body["sessionId"]].plan.size == (768, 1152)


async def test_engine_body_may_be_empty(call, tenant):
    token = (await call.token(room())).body["sessionToken"]
    answer = await call("POST", "/v1/engine/session", key=token)
    assert answer.status == 200
    assert len(tenant.sessions) == 1


async def test_token_is_bound_to_its_configuration(call, tenant):
    token = (await call.token({**body(CARA_3), "environment": ROOM})).body["sessionToken"]
    answer = await call.start({**sized(1152, 768), "clientLabel": "late"}, key=token)
    assert answer.status == 400, "the pair of the second call meets the avatar of the first"
    token = (await call.token({**body(CARA_3), "environment": ROOM})).body["sessionToken"]
    answer = await call.start({**body(), "clientLabel": "late"}, key=token)
    session = tenant.sessions[answer.body["sessionId"]]
    assert (session.plan.size, session.facts["clientLabel"]) == ((720, 480), "late")


async def test_token_is_a_jwt_of_one_hour(call, tenant):
    token = (await call.token(body())).body["sessionToken"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 3600
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert tenant.journal.entries[0].reply["sessionToken"]["jwt"]["jti"] == claims["jti"]
    assert tenant.api_key not in str(claims)


@pytest.mark.parametrize(
    ("where", "at_token", "at_engine"),
    [("engine_session", 200, 400), ("session_token", 400, None), ("both", 400, None)],
)
async def test_validate_at(call, tenant, where, at_token, at_engine):
    tenant.set("validate_at", where)
    first = await call.token(BAD)
    assert first.status == at_token
    if at_engine is not None:
        second = await call.start({}, key=first.body["sessionToken"])
        assert (second.status, second.rule) == (at_engine, "anam.size.pair")
    else:
        assert first.rule == "anam.size.pair"


@pytest.mark.parametrize("where", ["engine_session", "session_token", "both"])
async def test_one_call_is_validated_wherever_two_are(call, tenant, where):
    tenant.set("validate_at", where)
    answer = await call.start(BAD)
    assert (answer.status, answer.rule) == (400, "anam.size.pair")


async def test_nonsense_gets_a_token_and_is_refused_at_the_engine(call):
    token = await call.token({"nonsense": True})
    assert token.status == 200
    answer = await call.start({}, key=token.body["sessionToken"])
    assert (answer.status, answer.rule) == (400, "anam.body.persona")


async def test_a_refused_start_does_not_use_the_token_up(call, tenant):
    tenant.set("max_concurrent", 0)
    token = (await call.token(body())).body["sessionToken"]
    assert (await call.start({}, key=token)).status == 429
    tenant.set("max_concurrent", 1)
    assert (await call.start({}, key=token)).status == 200


@pytest.mark.parametrize(("reuse", "status"), [("refuse", 401), ("allow", 200)])
async def test_token_reuse(call, tenant, reuse, status):
    tenant.set("token_reuse", reuse)
    token = (await call.token(body())).body["sessionToken"]
    assert (await call.start({}, key=token)).status == 200
    assert (await call.start({}, key=token)).status == status


async def test_ten_thousand_tokens_leave_the_newest(call, tenant, mock):
    first = (await call.token(body())).body["sessionToken"]
    tokens = Tokens(tenant.contract)
    for _ in range(10_000):
        tokens.give(tenant, {})
    assert len(known(tenant)) == TOKENS_KEPT
    last = (await call.token(body())).body["sessionToken"]
    dropped = await call.start({}, key=first)
    assert (dropped.status, dropped.rule) == (401, "anam.auth.session-token")
    assert "tokens ago" in dropped.body["message"]
    assert (await call.start({}, key=last)).status == 200
    assert mock.harness_faults == []


@pytest.mark.parametrize(
    ("state", "at_token", "at_engine"),
    [("no_plan", 200, 402), ("spend_cap", 200, 429), ("forbidden", 403, None), ("usage_limit", 429, None)],
)
async def test_the_state_of_an_account_is_told_where_it_concerns_the_call(call, tenant, state, at_token, at_engine):
    tenant.set("account", state)
    first = await call.token(body())
    assert first.status == at_token
    if at_engine is not None:
        assert (await call.start({}, key=first.body["sessionToken"])).status == at_engine


async def test_token_expires(call, tenant):
    tenant.set("token_seconds", -1)
    token = (await call.token(body())).body["sessionToken"]
    answer = await call.start({}, key=token)
    assert (answer.status, answer.rule) == (401, "anam.auth.session-token")
    assert "expired" in answer.body["message"]
    assert tenant.journal.entries[-1].status == 401, "an expired token still tells whose journal it is"


async def test_a_clock_that_was_set_back_spoils_no_token(call, mock):
    given = (await call.token(room())).body["sessionToken"]
    claims = jwt.decode(given, options={"verify_signature": False})
    signing_key = mock._endpoints["anam"].vendor._tokens._signing_key
    of_later = jwt.encode({**claims, "iat": claims["iat"] + 30}, signing_key)
    assert (await call.start({}, key=of_later)).status == 200


async def test_forged_and_foreign_tokens_are_refused(call, tenant, mock):
    forged = jwt.encode({"accountId": tenant.name, "jti": "x", "exp": 9e9}, "x" * 32)
    unsigned = jwt.encode({"accountId": tenant.name, "jti": "x", "exp": 9e9}, None, algorithm="none")
    async with MockServer(["anam"]) as other:
        theirs = other.new_tenant("anam", tenant.api_key)
        foreign = await type(call)(other.base_url("anam"), theirs.api_key).token(body())
    for token in (forged, unsigned, foreign.body["sessionToken"], "eyJ", "eyJ.eyJ.x"):
        answer = await call.start({}, key=token)
        assert (answer.status, answer.rule) == (401, "anam.auth.session-token")
    assert mock.harness_faults == []


async def test_token_of_a_closed_tenant_is_worth_nothing(call, tenant):
    token = (await call.token(body())).body["sessionToken"]
    await tenant.close()
    assert (await call.start({}, key=token)).status == 401
    assert (await call.start(body())).status == 401


async def test_session_token_makes_no_token_and_stops_nothing(call):
    token = (await call.token(body())).body["sessionToken"]
    assert (await call.token(body(), key=token)).rule == "anam.auth.bearer"
    assert (await call("GET", "/v1/sessions", key=token)).status == 401


async def test_both_generations_side_by_side(call, tenant):
    tokens = await asyncio.gather(*(call.token(body()) for _ in range(5)))
    answers = await asyncio.gather(
        *(call.start({}, key=token.body["sessionToken"]) for token in tokens), *(call.start(body()) for _ in range(5))
    )
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["sessionId"] for answer in answers}) == len(tenant.sessions) == 10


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        ({"environment": "x"}, "anam.body.environment"),
        ({"environment": {"livekitUrl": "ws://a"}}, "anam.body.environment"),
        ({"environment": {"livekitUrl": 5, "livekitToken": 6}}, "anam.body.environment"),
        ({"sessionOptions": "x"}, "anam.body.session-options"),
        ({"sessionOptions": {"videoWidth": "a", "videoHeight": "b"}}, "anam.size.type"),
        ({"sessionOptions": {"videoWidth": 1152, "videoHeight": None}}, "anam.size.both-or-neither"),
    ],
    ids=str,
)
async def test_body_beside_a_token_is_checked_wherever_sizes_are(call, tenant, mock, sent, rule):
    tenant.set("validate_at", "session_token")
    token = (await call.token({"personaConfig": body()["personaConfig"]})).body["sessionToken"]
    answer = await call.start(sent, key=token)
    assert (answer.status, answer.headers["X-Mockvendors-Rule"]) == (400, rule)
    assert not mock.harness_faults
