"""What no mock can know is read from the recording, or is told as not compared: never drift, never dropped."""

from dataclasses import replace
from pathlib import Path

import pytest

from mockvendors.cassettes.interaction import Answer
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
from mockvendors.drift.findings import find
from mockvendors.drift.run import play_all
from tests.cassettes.conftest import ADDRESS, AVATAR, SESSION, exchange

KEY = ("Authorization", "Bearer sk-of-the-account-0123456789")
FOREIGN = "8d3b7a10-4c1e-4f7a-9c55-0b1d2e3f4a5b"
ID = "11112222-3333-4444-8555-666677778888"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJhYmNkZWZnaCIsImV4cCI6MTcwMDAwMzYwMCwiaWF0IjoxNzAwMDAwMDAwfQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
AS_TOKEN = ("Authorization", f"Bearer {TOKEN}")
STARTED = {
    "sessionId": ID,
    "engineHost": "engine.example",
    "engineProtocol": "https",
    "signallingEndpoint": "/ws",
    "region": None,
    "clientConfig": {"heartbeatIntervalSeconds": 5, "maxWsReconnectionAttempts": 5, "iceServers": []},
}
TOLD = {
    "id": ID,
    "startTime": "2026-11-20T10:00:00Z",
    "endTime": "2026-11-20T10:01:00Z",
    "sessionLengthMs": 60000,
    "exitStatus": "CLOSED_BY_ENGINE",
    "clientLabel": None,
    "personaConfig": {"avatarVersion": "cara-4", "fps": 25},
}
SLOTS = {"limit": 5, "active": 0, "canStartSession": True, "estimatedWaitSeconds": 0}


def start(reply=STARTED, status=200, auth=KEY, avatar=AVATAR, size=None, **more):
    body = {"personaConfig": {"avatarId": avatar, **more}, "sessionOptions": size and dict(zip(SIZE, size, strict=True))}
    return exchange(body, reply, status=status, headers=[auth] if auth else [])


SIZE = ("videoWidth", "videoHeight")


def call(method, path, reply=None, status=200, *, auth=KEY, body=None, **more):
    return exchange(body, reply, method=method, url=f"/v1/{path}", status=status, headers=[auth], **more)


def error(text, message="Ask us.", **more):
    return {"error": text, "message": message, **more}


@pytest.fixture
def drift(tmp_path, contract):
    """Return what comes of a recording of these exchanges."""

    async def run(*exchanges, name="mine"):
        recorder = Recorder(contract, Upstream.parse(ADDRESS), Path(tmp_path) / "anam" / name, secrets=set())
        for one in exchanges:
            recorder.add("exchanges", one)
        recorder.save()()
        recorder.finish()
        (played,) = await play_all(contract, [read_recording(recorder.folder, contract)])
        return Result(played)

    return run


class Result:
    def __init__(self, played):
        self.played = played
        self.findings = find([played])
        self.reasons = {outcome.number: outcome.not_compared for outcome in played.outcomes if outcome.not_compared}

    @property
    def found(self):
        return [(finding.what, finding.change[0]) for finding in self.findings]

    @property
    def agrees(self):
        return self.found == [] and self.reasons == {}


@pytest.mark.parametrize(
    ("status", "text", "more"),
    [
        (402, "No plan found", {}),
        (403, "Forbidden", {}),
        (429, "Concurrent session limit reached", {"reason": "concurrent_limit"}),
        (429, "Spend cap reached", {}),
        (429, "Usage limit reached", {}),
        (503, "No capacity available", {}),
    ],
)
async def test_the_state_of_an_account_is_read_from_its_refusal(drift, status, text, more):
    result = await drift(start(), start(error(text, **more), status), start())
    assert result.agrees, result.found
    assert result.played.agreeing == 3


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("2026-11-21T19:00:00Z", []),
        ("21st of November", [("value", "anam.field.Session.startTime")]),
        ("", [("value", "anam.field.Session.startTime")]),
        ("2026-11-21 at seven", [("value", "anam.field.Session.startTime")]),
    ],
)
async def test_a_text_that_is_no_point_in_time_is_one_of_a_wrong_kind(drift, told, found):
    result = await drift(start(), call("GET", f"sessions/{ID}", {**TOLD, "startTime": told}))
    assert result.found == found
    assert result.reasons == {}


async def test_a_state_in_other_words_is_a_difference_of_words(drift):
    assert (await drift(start(), start(error("Pay first"), 402))).found == [("text", "anam.session.no-plan")]


async def test_the_words_tell_a_state_before_the_status_does(drift):
    assert (await drift(start(error("No plan found"), 400), start())).found == [("status", "anam.session.no-plan")]


REFUSALS = [(402, "No plan found"), (403, "Forbidden")]


@pytest.mark.parametrize(("status", "text"), REFUSALS)
@pytest.mark.parametrize(
    ("size", "found"),
    [((720, 1280), ("status", "anam.size.pair")), ((1152, 768), ("refused", "anam.field.SessionOptions.videoHeight"))],
)
async def test_what_is_refused_for_what_was_asked_tells_nothing_of_the_account(drift, status, text, size, found):
    result = await drift(start(), *[start(error(text), status, size=size)] * 2, start())
    assert (result.found[0], result.reasons) == (found, {})


@pytest.mark.parametrize(("status", "text"), [*REFUSALS, (429, "Usage limit reached"), (503, "No capacity available")])
async def test_where_nothing_was_accepted_nobody_knows_what_a_refusal_is_for(drift, status, text):
    result = await drift(call("GET", "sessions/concurrency", SLOTS), start(error(text), status))
    assert (result.found, list(result.reasons)) == ([], [2])
    assert result.reasons[2].endswith("or be for what was asked: no startSession was accepted")


@pytest.mark.parametrize(("status", "text"), [(429, "Usage limit reached"), (503, "No capacity available")])
async def test_a_status_of_the_moment_blames_no_field(drift, status, text):
    result = await drift(start(), start(error(text), status, size=(1152, 768)))
    assert (result.found, list(result.reasons)) == ([], [2])
    assert result.reasons[2].endswith("the same call was not accepted")


async def test_another_key_is_another_call(drift):
    other = ("Authorization", "Bearer sk-of-another-9876543210")
    result = await drift(start(), start(error("Forbidden"), 403, auth=other), call("GET", "avatars", {"data": []}, auth=other))
    assert [what for what, _ in result.found] == ["refused"]


@pytest.mark.parametrize("avatar", [FOREIGN, AVATAR])
async def test_an_id_that_was_taken_elsewhere_is_known(drift, avatar):
    wrong, right = (start(error("Not found"), 404, avatar=avatar, size=size) for size in ((720, 1280), (1152, 768)))
    result = await drift(start(avatar=avatar), wrong)
    assert (result.found, result.reasons) == ([("status", "anam.size.pair"), ("text", "anam.size.pair")], {})
    result = await drift(start(avatar=avatar), right, name="two")
    assert ([what for what, _ in result.found], result.reasons) == (["refused"], {})


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_a_failure_of_the_service_is_not_compared(drift, status):
    result = await drift(call("GET", "avatars", error("Oops"), status))
    assert (result.found, result.played.compared) == ([], 0)
    assert "the service failed" in result.reasons[1]


async def test_a_state_that_the_mock_does_not_ask_for_there_is_not_compared(drift):
    result = await drift(call("GET", "sessions/concurrency", SLOTS), call("GET", "sessions/concurrency", error("Slow down"), 429))
    assert (result.found, list(result.reasons)) == ([], [2])
    assert "anam.session.usage tells a state of the account" in result.reasons[2]


async def test_a_key_that_is_refused_everywhere_is_none(drift):
    other = ("Authorization", "Bearer sk-of-nobody-9876543210")
    assert (
        await drift(start(), start(error("Unauthorized"), 401, auth=other), start(error("Unauthorized"), 401, auth=None))
    ).agrees


async def test_a_key_that_is_accepted_elsewhere_is_one(drift):
    assert (await drift(start(), call("GET", "avatars", error("Unauthorized"), 401))).found == [("refused", "anam.auth.bearer")]


class TestTokens:
    GIVEN = call("POST", "auth/session-token", {"sessionToken": TOKEN}, body={"personaConfig": {"avatarId": AVATAR}})

    async def test_one_that_was_given_starts_a_session(self, drift):
        assert (await drift(self.GIVEN, exchange({}, STARTED, headers=[AS_TOKEN]))).agrees

    async def test_two_that_were_made_alike_are_the_same_call(self, drift):
        def pair(token, reply, status=200, size=None):
            options = size and {"videoWidth": size[0], "videoHeight": size[1]}
            body = {"personaConfig": {"avatarId": AVATAR}, "sessionOptions": options}
            made = call("POST", "auth/session-token", {"sessionToken": token}, body=body)
            return made, exchange({}, reply, status=status, headers=[("Authorization", f"Bearer {token}")])

        full = error("Concurrent session limit reached", reason="concurrent_limit")
        other = TOKEN.replace("c2lnbmF0dXJl", "b3RoZXJvdGhl")
        alike = await drift(*pair(TOKEN, STARTED), *pair(other, full, 429))
        assert (alike.agrees, alike.played.agreeing) == (True, 4)
        unlike = await drift(*pair(TOKEN, STARTED), *pair(other, error("Forbidden"), 403, size=(1152, 768)), name="two")
        assert [what for what, _ in unlike.found] == ["refused"]

    async def test_one_from_before_the_recording_is_not_compared(self, drift):
        result = await drift(exchange({}, STARTED, headers=[AS_TOKEN]), call("GET", f"sessions/{ID}", TOLD))
        assert result.reasons == {
            1: "its session token was given out before the recording began",
            2: "it holds what interaction 1 gave, where mock and recording part",
        }

    async def test_one_that_is_none_is_refused(self, drift):
        assert (await drift(exchange({}, error("Unauthorized"), status=401, headers=[AS_TOKEN]))).agrees

    async def test_one_that_is_refused_at_its_first_use_may_have_expired(self, drift):
        result = await drift(self.GIVEN, exchange({}, error("Unauthorized"), status=401, headers=[AS_TOKEN]))
        assert (result.found, list(result.reasons)) == ([], [2])
        assert "may have expired" in result.reasons[2]

    async def test_one_that_a_failed_start_used_up_is_drift(self, drift):
        failed = exchange({}, error("No capacity available"), status=503, headers=[AS_TOKEN])
        gone = exchange({}, error("Unauthorized"), status=401, headers=[AS_TOKEN])
        assert [what for what, _ in (await drift(self.GIVEN, failed, gone)).found] == ["refused"]

    async def test_a_second_use_that_is_accepted_names_the_setting(self, drift):
        use = exchange({}, STARTED, headers=[AS_TOKEN])
        (finding,) = (await drift(self.GIVEN, use, use)).findings
        assert (finding.what, finding.change, finding.setting) == ("accepted", ("x-settings.token_reuse",), "token_reuse=allow")


class TestOpenQuestions:
    async def test_a_size_that_is_refused_at_the_token(self, drift):
        body = {"personaConfig": {"avatarId": AVATAR}, "sessionOptions": {"videoWidth": 720, "videoHeight": 1280}}
        (finding,) = (await drift(call("POST", "auth/session-token", error("Bad request"), 400, body=body))).findings
        assert (finding.what, finding.setting) == ("refused", "validate_at=session_token")

    async def test_another_status_of_a_start(self, drift):
        (finding,) = (await drift(start(status=201))).findings
        assert (finding.what, finding.setting, finding.recorded) == ("status", "success_status=201", "201")

    async def test_two_slashes(self, drift):
        at = exchange({"personaConfig": {"avatarId": AVATAR}}, STARTED, url=f"/{SESSION}", headers=[KEY])
        (finding,) = (await drift(start(), at)).findings
        assert (finding.what, finding.change) == ("accepted", ("x-settings.double_slash",))


class TestIds:
    async def test_a_session_from_before_is_not_compared(self, drift):
        result = await drift(call("POST", f"sessions/{ID}/stop", TOLD))
        assert result.reasons == {1: "it holds an id that is not from this recording, which the mock cannot know"}

    async def test_a_session_that_nobody_has_is_compared(self, drift):
        assert (
            await drift(call("GET", "avatars", error("x"), 500), call("GET", f"sessions/{ID}", error("Not found"), 404))
        ).played.agreeing == 1

    async def test_a_session_that_was_started_and_stopped_is_deleted_and_forgotten(self, drift):
        stopped, deleted = call("POST", f"sessions/{ID}/stop", TOLD), call("DELETE", f"sessions/{ID}", status=204)
        gone = call("GET", f"sessions/{ID}", error("Not found"), 404)
        assert (await drift(start(), stopped, deleted, gone)).agrees

    async def test_a_session_that_is_not_forgotten_is_drift(self, drift):
        stopped, deleted = call("POST", f"sessions/{ID}/stop", TOLD), call("DELETE", f"sessions/{ID}", status=204)
        result = await drift(start(), stopped, deleted, call("GET", f"sessions/{ID}", TOLD))
        assert result.found == [("accepted", "anam.session.unknown")]

    async def test_a_session_may_have_ended_by_itself(self, drift):
        result = await drift(start(), call("DELETE", f"sessions/{ID}", status=204))
        assert (result.found, list(result.reasons)) == ([], [2])
        assert "may have ended by itself" in result.reasons[2]

    async def test_what_an_accepted_start_gave_is_not_compared_where_the_mock_refused_it(self, drift):
        result = await drift(start(size=(640, 360)), call("POST", f"sessions/{ID}/stop", TOLD))
        assert (result.found, list(result.reasons)) == ([("accepted", "anam.size.pair")], [2])


class TestForeignAvatars:
    """Ids of the vendor's own are in no catalogue of ours; which model they have shows in what is accepted."""

    @pytest.mark.parametrize("size", [(720, 480), (1152, 768)])
    async def test_it_has_the_model_whose_sizes_it_takes(self, drift, size):
        other = {(720, 480): (1152, 768), (1152, 768): (720, 480)}[size]
        result = await drift(start(avatar=FOREIGN, size=size), start(error("Bad request"), 400, avatar=FOREIGN, size=other))
        assert result.agrees, result.found

    async def test_it_has_one_model(self, drift):
        result = await drift(start(avatar=FOREIGN, size=(720, 480)), start(avatar=FOREIGN, size=(1152, 768)))
        assert result.found == [("accepted", "anam.size.pair")]

    async def test_a_rule_that_is_broken_twice_is_one_finding(self, drift):
        (finding,) = (await drift(start(size=(640, 360)), start(size=(10, 10)))).findings
        assert [place.number for place in finding.places] == [1, 2]

    async def test_two_have_two(self, drift):
        other = FOREIGN.replace("8", "9")
        assert (await drift(start(avatar=FOREIGN, size=(720, 480)), start(avatar=other, size=(1152, 768)))).agrees

    async def test_one_that_nobody_has(self, drift):
        text = f"Avatar with id {FOREIGN} does not exist."
        assert (await drift(start(error("Not found", text), 404, avatar=FOREIGN))).agrees

    @pytest.mark.parametrize("name", ["~", "xy", "not", "my avatar"])
    async def test_one_of_an_odd_name_that_nobody_has(self, drift, name):
        """Names of one or two signs stay in texts that stay; those of three are taken out wherever the word stands."""
        text = f"Avatar with id {name} does not exist."
        result = await drift(start(error("Not found", text), 404, avatar=name))
        assert result.agrees, result.findings

    async def test_measured_words_are_compared(self, drift):
        result = await drift(start(error("Not found", f"No avatar {FOREIGN}."), 404, avatar=FOREIGN))
        assert result.found == [("text", "anam.avatar.unknown")]

    async def test_an_answer_that_repeats_an_id_takes_it_from_nobody(self, drift):
        told = {**TOLD, "personaConfig": {**TOLD["personaConfig"], "avatarId": FOREIGN}}
        result = await drift(start(avatar=FOREIGN), call("GET", f"sessions/{ID}", told), start(avatar=FOREIGN))
        assert (result.found, result.reasons) == ([("added", "anam.field.Session.personaConfig")], {})


class TestBodies:
    async def test_our_own_remarks_are_not_compared(self, drift):
        assert (await drift(start(), start(error("Bad request", "sizes!"), 400, size=(1, 1)))).agrees

    async def test_a_cause_is(self, drift):
        assert (await drift(start(), start(error("Invalid"), 400, size=(1, 1)))).found == [("text", "anam.size.pair")]

    @pytest.mark.parametrize(
        ("reply", "found"),
        [
            ({**SLOTS, "limit": None}, []),
            ({**SLOTS, "limit": "5"}, [("type", "anam.field.Concurrency.limit")]),
            ({**SLOTS, "active": None}, [("type", "anam.field.Concurrency.active")]),
            ({**SLOTS, "active": -1}, [("value", "anam.field.Concurrency.active")]),
            ({**SLOTS, "queued": 3}, [("added", "anam.status.getConcurrency.200")]),
            ({name: SLOTS[name] for name in SLOTS if name != "active"}, [("missing", "anam.field.Concurrency.active")]),
            ([SLOTS], [("type", "anam.status.getConcurrency.200")]),
            (None, [("body", "anam.status.getConcurrency.200")]),
        ],
    )
    async def test_shapes(self, drift, reply, found):
        assert (await drift(call("GET", "sessions/concurrency", reply))).found == found

    async def test_a_word_that_the_contract_does_not_list(self, drift):
        assert (await drift(start({**STARTED, "engineProtocol": "quic"}))).found == [
            ("value", "anam.field.SessionReply.engineProtocol")
        ]

    @pytest.mark.parametrize(("kind", "what"), [("text/html", "header"), ("application/json", "body")])
    async def test_a_page_of_a_gateway_is_one_difference(self, drift, kind, what):
        page = start(status=400, size=(1, 1))
        page = replace(page, answer=Answer(400, "Bad Request", (("Content-Type", kind),), b"<html>no</html>"))
        assert (await drift(start(), page)).found == [(what, "anam.size.pair")]

    async def test_a_header_that_a_client_acts_on(self, drift):
        late = start(error("Usage limit reached"), 429)
        late = exchange(late.sent.json(), late.answer.json(), status=429, headers=[KEY], answered=[("Retry-After", "3")])
        (finding,) = (await drift(start(), late)).findings
        assert (finding.what, finding.places[0].where, finding.change) == ("header", "Retry-After", ("anam.session.usage",))

    async def test_a_body_that_was_not_kept(self, drift):
        strange = exchange(b"\xff\xfe not JSON", STARTED, headers=[KEY])
        result = await drift(start(), strange)
        assert (result.found, result.reasons) == ([], {2: "its body is not in the recording, only its length"})

    async def test_a_text_that_was_not_kept(self, drift):
        room = {"livekitUrl": "WSS://Rooms.Example", "livekitToken": TOKEN}
        body = {"personaConfig": {"avatarId": AVATAR}, "environment": room}
        result = await drift(exchange(body, STARTED, headers=[KEY]))
        assert result.reasons == {1: "the text at /environment/livekitUrl is not in the recording, only its length"}

    async def test_a_call_that_the_contract_does_not_have(self, drift):
        assert (await drift(start(), call("GET", "voices", {"data": []}))).found == [("accepted", "anam.path.unknown")]

    async def test_a_method_that_no_recording_keeps(self, drift):
        assert (await drift(start(), call("BREW", "avatars", error("x"), 405))).reasons == {
            2: "its method is not in the recording"
        }
