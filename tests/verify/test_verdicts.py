"""A mock that keeps the contract is confirmed; of one that deviates exactly the planted deviations are found."""

import pytest

from mockvendors.contract import Contract
from mockvendors.faults import LostAnswer, MissingField, ResetBefore, Status
from mockvendors.vendors.anam import create
from mockvendors.verify import read_tries
from tests.cassettes.deviating.plants import PLANTS
from tests.cassettes.deviating.vendor import deviating as planted

from .conftest import ACCEPTED, DEVIATIONS, changed_contract, stand_up_another, verdicts, verify


async def test_the_right_mock_is_confirmed(right):
    report = await right.verify(paid=True)
    assert verdicts(report, "contradicted") == set()
    tried = {attempt.rule.id for attempt in report.plan.send}
    assert verdicts(report, "confirmed") == tried
    assert all(outcome.verdict == "confirmed" for outcome in report.outcomes)
    assert [session.state for session in report.sessions] == ["stopped"] * report.plan.starts
    assert (report.exit_code, right.tenant.active) == (0, 0)
    assert report.calls == len(right.tenant.journal.entries) + len(right.mock.journal.entries) <= report.plan.calls
    assert report.is_mock


async def test_without_paid_no_session_starts(right):
    report = await right.verify()
    assert report.exit_code == 0
    assert (report.sessions, len(right.tenant.sessions)) == ((), 0)
    assert verdicts(report, "not tried") >= {"anam.call.one", "anam.session.running", "anam.session.stop"}


async def test_exactly_the_planted_deviations_are_contradicted(deviating):
    report = await deviating.verify(paid=True)
    assert verdicts(report, "contradicted") == DEVIATIONS
    assert report.exit_code == 1
    told = {(o.attempt.text, o.expected, o.got[:3]) for o in report.outcomes if o.verdict == "contradicted"}
    assert {(text, "400", "200") for text in ACCEPTED} <= told
    assert {("a body that says text/plain", "415", "400"), ("delete it while it runs", "409", "404")} <= told
    assert ("start an avatar that nobody has", "404 'Not found'", "404") in told


async def test_what_should_not_have_started_is_stopped_at_once(deviating):
    report = await deviating.verify()
    assert verdicts(report, "contradicted") == DEVIATIONS - {"anam.session.running"}
    assert [(session.attempt.text, session.state) for session in report.sessions] == [(text, "stopped") for text in ACCEPTED]
    entries = deviating.tenant.journal.entries
    for place, entry in enumerate(entries):
        if entry.operation == "startSession" and entry.status == 200:
            assert entries[place + 1].path == f"/v1/sessions/{entry.session}/stop"
    assert {session.reason for session in deviating.tenant.sessions.values()} == {"stopped"}
    assert deviating.tenant.active == 0


async def test_a_reply_of_another_shape_contradicts_the_rule_of_replies(right):
    right.tenant.faults.add(MissingField("active"), "getConcurrency")
    report = await right.verify("anam.auth.bearer")
    assert verdicts(report, "contradicted") == {"anam.reply"}
    assert verdicts(report, "confirmed") == {"anam.auth.bearer"}


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_a_vendor_in_trouble_contradicts_nothing(right, status):
    right.tenant.faults.add(Status(status), "startSession")
    report = await right.verify("anam.size.pair", "anam.size.type")
    assert verdicts(report, "contradicted") == set()
    assert {found.rule.id: found.reason.split(";")[0] for found in report.rules} == dict.fromkeys(
        ("anam.size.pair", "anam.size.type"), f"answered {status}"
    )
    assert (right.calls("startSession"), report.exit_code) == (11, 6)


async def test_a_vendor_that_asks_to_slow_down_is_left_alone(right):
    right.tenant.faults.add(Status(429), "startSession")
    report = await right.verify("anam.size.pair")
    (found,) = report.rules
    assert found.reason.startswith("answered 429; 3 calls in a row were answered 429")
    assert (right.calls("startSession"), report.exit_code) == (3, 6)


@pytest.mark.parametrize(("state", "rule"), [("no_plan", "anam.session.no-plan"), ("forbidden", "anam.session.forbidden")])
async def test_the_state_of_the_account_contradicts_nothing(right, state, rule):
    right.tenant.set("account", state)
    report = await right.verify("anam.size.both-or-neither")
    (found,) = report.rules
    assert (found.verdict, f"tells of the account ({rule})" in found.reason) == ("not tried", True)


CAUGHT = {
    "another status": {"anam.notes.preset"},
    "another error text": {"anam.avatar.unknown"},
    "an accepted half pair": {"anam.size.both-or-neither"},
    "another default size": {"anam.size.pair"},
    "an extra required request field": {"anam.call.one", "anam.avatar.unknown"},
    "another limit": {"anam.notes.length"},
    "a renamed field in a reply": {"anam.reply"},
    "a missing field in a reply": {"anam.reply"},
    "another type in a reply": {"anam.reply"},
    "a changed header": {"anam.reply"},
}
"""Of the vendor that drift is tried on: plant -> rules that verify contradicts."""


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
async def test_the_plants_of_drift_are_found_too(tmp_path, plant):
    stand = await stand_up_another(planted(tmp_path, [plant]))
    report = await stand.verify(paid=True)
    await stand.mock.stop()
    assert verdicts(report, "contradicted") == CAUGHT[plant.name]
    assert {session.state for session in report.sessions} <= {"stopped"}
    assert stand.tenant.active == 0


async def test_where_the_right_body_is_refused_a_refusal_confirms_nothing(tmp_path):
    (plant,) = [plant for plant in PLANTS if plant.name == "an extra required request field"]
    stand = await stand_up_another(planted(tmp_path, [plant]))
    report = await stand.verify()
    await stand.mock.stop()
    assert verdicts(report, "contradicted") == {"anam.avatar.unknown"}
    reasons = {found.rule.id: found.reason for found in report.rules if found.verdict == "not tried"}
    told = "'start an avatar that nobody has', which holds the right body, was answered 400, so that a refusal says nothing"
    assert {rule for rule, reason in reasons.items() if told in reason} >= {"anam.size.pair", "anam.size.both-or-neither"}


@pytest.mark.parametrize("status", [503, 429, 404, 401])
async def test_a_control_that_is_not_answered_as_expected_controls_nothing(right, status):
    """A vendor that is in trouble at the control, and then refuses whatever it gets."""
    right.tenant.faults.add(Status(status), "createSessionToken", calls=1)
    right.tenant.faults.add(Status(400), "createSessionToken", calls="2-")
    report = await right.verify("anam.body.json", "anam.content-type")
    assert verdicts(report, "not tried") == {"anam.body.json", "anam.content-type"}
    assert f"was answered {status}, so that a refusal says nothing" in report.rules[-1].reason


async def test_a_control_that_cannot_be_sent_controls_nothing(right):
    right.tenant.overlay({"avatars": dict.fromkeys(right.tenant.tables["avatars"])})
    report = await right.verify("anam.body.json")
    assert verdicts(report, "confirmed") == set()
    assert "was not sent, so that a refusal says nothing" in report.rules[-1].reason


async def test_an_unknown_session_is_tried_only_beside_one_that_was_read(right):
    free = await right.verify("anam.session.unknown")
    assert (verdicts(free, "not tried"), right.calls("getSession")) == ({"anam.session.unknown"}, 0)
    right.tenant.faults.add(Status(404), "getSession", calls=1)
    missing = await right.verify("anam.session.unknown", paid=True)
    assert verdicts(missing, "not tried") == {"anam.session.unknown"}
    assert verdicts(await right.verify("anam.session.unknown", paid=True), "confirmed") == {"anam.session.unknown"}


async def test_another_scheme_comes_with_the_right_key(right):
    await right.verify("anam.auth.bearer")
    sent = [entry.headers.get("authorization", "") for entry in right.mock.journal.entries]
    assert any(value.startswith("Token ") for value in sent)
    (attempt,) = [attempt for attempt in read_tries(Contract.load("anam")).tries if attempt.text == "another scheme"]
    assert (attempt.authorization, attempt.has_key) == ("Token {key}", False)


async def test_after_many_401_the_key_is_asked_for_once(right):
    right.tenant.faults.add(Status(401), "startSession", calls="2-")
    report = await right.verify(budget=60)
    assert right.calls("getConcurrency") == 2
    assert report.calls == report.plan.calls + 1 == len(right.tenant.journal.entries) + len(right.mock.journal.entries)


async def test_a_401_says_nothing_where_nobody_knows_whether_the_key_works(right):
    right.tenant.faults.add(ResetBefore(), "getConcurrency", calls=2)
    right.tenant.faults.add(Status(401), "startSession", calls="2-")
    report = await right.verify("anam.size.both-or-neither")
    assert {outcome.reason for outcome in report.outcomes if outcome.got == "" and outcome.reason} == {
        "answered 401, and nobody knows whether the key still works"
    }
    assert (verdicts(report, "contradicted"), right.calls("getConcurrency")) == (set(), 2), "the library sent it again by itself"


@pytest.mark.parametrize("more", [0, 1, 2, 5])
async def test_what_nobody_planned_counts_too(deviating, more):
    """Four stops of what should not have started, and one call about the key; only the last stop may exceed the budget."""
    deviating.tenant.faults.add(Status(401), "listSessions")
    planned = (await deviating.verify()).plan.calls
    report = await deviating.verify(budget=planned + more)
    assert planned + more <= report.calls <= planned + more + (not more)
    assert {session.state for session in report.sessions} == {"stopped"}
    left_out = [outcome for outcome in report.outcomes if outcome.reason == f"budget: {planned + more} calls"]
    assert len(left_out) in (5 - more, 4 - more)


async def test_a_control_without_an_answer_controls_nothing(right):
    right.tenant.faults.add(ResetBefore(), "startSession", calls=1)
    report = await right.verify("anam.size.both-or-neither")
    (found,) = report.rules
    assert (found.verdict, "had no answer" in found.reason) == ("not tried", True)


async def test_nobody_there(unused_tcp_port):
    report = await verify(f"http://127.0.0.1:{unused_tcp_port}", "some-key")
    assert (report.exit_code, report.calls) == (7, 3)
    assert "3 calls in a row had no answer (no connection: Connection refused)" in report.cause
    assert verdicts(report, "contradicted") == set()
    assert report.sessions == ()


async def test_two_lost_connections_end_nothing(right):
    right.tenant.faults.add(ResetBefore(), "startSession", calls="2-3")  # the first is the control
    report = await right.verify("anam.size.pair")
    assert (verdicts(report, "confirmed"), report.exit_code) == ({"anam.size.pair"}, 0)
    assert [session.state for session in report.sessions] == ["unknown", "unknown"]


async def test_a_session_that_may_run_is_told(right):
    right.tenant.faults.add(LostAnswer(), "startSession", calls=1)
    report = await right.verify("anam.call.one", paid=True)
    assert [(session.state, session.id) for session in report.sessions] == [("unknown", "")]
    assert report.exit_code == 6


async def test_a_key_that_is_refused_ends_the_run(right):
    report = await right.verify(key="another-key")
    assert (report.exit_code, report.calls) == (4, 1)
    assert "refuses the key" in report.cause
    assert verdicts(report, "contradicted") == set()


async def test_a_call_that_refuses_a_key_that_works_elsewhere_is_contradicted(right):
    right.tenant.faults.add(Status(401), "startSession", calls=2)
    report = await right.verify("anam.size.both-or-neither")
    assert verdicts(report, "contradicted") == {"anam.size.both-or-neither"}
    assert report.calls == right.calls("startSession") + 3  # the first call again, and the catalogue


async def test_a_key_that_is_withdrawn_on_the_way_ends_the_run(right):
    right.tenant.faults.add(Status(401), "getConcurrency", calls="2-")
    right.tenant.faults.add(Status(401), "startSession")
    report = await right.verify("anam.size.both-or-neither")
    assert (report.exit_code, verdicts(report, "contradicted")) == (4, set())
    assert right.calls("startSession") == 1


async def test_a_session_that_cannot_be_stopped_ends_the_run(deviating):
    deviating.tenant.faults.add(Status(500), "stopSession")
    report = await deviating.verify("anam.size.both-or-neither")
    assert [(session.state, session.why[-12:]) for session in report.sessions] == [("left running", "answered 500")]
    assert (deviating.calls("startSession"), deviating.calls("stopSession")) == (2, 3)  # a control, and what was accepted
    assert "could not be stopped" in report.cause
    assert report.exit_code == 1


async def test_a_stop_is_asked_for_again(deviating):
    deviating.tenant.faults.add(Status(503), "stopSession", calls="1-2")
    report = await deviating.verify("anam.notes.preset")
    assert [session.state for session in report.sessions] == ["stopped"]
    assert deviating.tenant.active == 0


async def test_a_start_without_an_id_is_told(right):
    right.tenant.faults.add(MissingField("sessionId"), "startSession")
    report = await right.verify("anam.call.one", paid=True)
    assert [(session.state, session.why) for session in report.sessions] == [
        ("left running", "the answer has no text at /sessionId")
    ]


async def test_without_an_avatar_its_tries_are_not_made(right):
    right.tenant.overlay({"avatars": dict.fromkeys(right.tenant.tables["avatars"])})
    report = await right.verify("anam.size.pair")
    (found,) = report.rules
    assert found.reason.startswith("no avatar: no answer gave one (--value avatar=...); no older: no answer gave one")
    assert right.calls("startSession") == 1, "the avatar that nobody has"


async def test_an_avatar_can_be_given(right):
    rows = right.tenant.tables["avatars"]
    avatar, older = ([name for name in rows if rows[name]["activeVersion"] == model][-1] for model in ("cara-4", "cara-3"))
    report = await right.verify("anam.size.pair", given={"avatar": avatar, "older": older})
    assert verdicts(report, "confirmed") == {"anam.size.pair"}
    assert right.calls("listAvatars") == 0
    assert {entry.body["personaConfig"]["avatarId"] for entry in right.tenant.journal.calls("startSession")[1:]} == {
        avatar,
        older,
    }


def path_is_gone(stand, error="Not found", **calls):
    stand.tenant.faults.add(Status(404, error=error), "startSession", **calls)


@pytest.mark.parametrize("error", ["Not found", "Route not found"])
async def test_a_path_that_is_gone_contradicts_no_rule_of_its_call(right, error):
    path_is_gone(right, error)
    report = await right.verify()
    assert verdicts(report, "contradicted") == set()
    (unknown,) = [found for found in report.rules if found.rule.id == "anam.avatar.unknown"]
    told = {outcome.attempt.operation.id: outcome.verdict for outcome in unknown.outcomes}
    assert told == {"startSession": "not tried", "getAvatar": "confirmed"}
    assert "every call of /v1/engine/session was answered 404" in unknown.reason


async def test_a_404_like_that_of_the_control_says_nothing(right):
    """The avatar of the right body may be one that the call does not know, or the path is gone since."""
    path_is_gone(right, calls="3-")
    report = await right.verify()
    assert verdicts(report, "contradicted") == set()
    assert "'start an avatar that nobody has' gets it too" in next(
        r.reason for r in report.rules if r.rule.id == "anam.size.pair"
    )


async def test_a_404_contradicts_where_the_right_body_was_accepted(right):
    path_is_gone(right, calls="4-")  # after a forged token, the control, and a start
    report = await right.verify("anam.size.both-or-neither", "anam.auth.session-token", paid=True)
    assert verdicts(report, "contradicted") >= {"anam.size.both-or-neither"}


async def test_a_documented_start_that_is_gone_is_contradicted(right):
    path_is_gone(right)
    assert verdicts(await right.verify("anam.call.one", paid=True), "contradicted") == {"anam.call.one"}


def strict(raw):
    """A vendor that has no sizes, no notes and other options, and refuses what it does not know."""
    schemas = raw["components"]["schemas"]
    options, persona = schemas["SessionOptions"], schemas["PersonaConfig"]
    options["properties"] = {"sessionReplay": options["properties"]["sessionReplay"]}
    del options["dependentRequired"], options["allOf"]
    del persona["properties"]["directorNotes"], persona["properties"]["maxSessionLengthSeconds"]
    for schema in (options, persona, schemas["SessionRequest"]):
        schema["additionalProperties"] = False
    del schemas["SessionRequest"]["properties"]["environment"]
    options["x-rule"] = "anam.body.session-options"


FIELDS = {
    f"anam.{name}"
    for name in ("session.region", "session.quality", "size.both-or-neither", "size.pair", "size.type", "disclosure.type")
} | {f"anam.notes.{name}" for name in ("type", "expressivity", "preset", "exclusive", "length")}


async def test_a_vendor_that_knows_no_such_field_confirms_nothing_of_it_without_doubt(tmp_path):
    stand = await stand_up_another(create(changed_contract(tmp_path, strict)))
    free, paid = await stand.verify(), await stand.verify(paid=True)
    await stand.mock.stop()
    for report in (free, paid):
        sure = {found.rule.id for found in report.rules if found.verdict == "confirmed" and not found.doubt}
        assert not sure & (FIELDS | {"anam.body.environment", "anam.session.length-type"})
        assert "anam.body.size" in sure, "its body holds no other field"
    assert FIELDS - {"anam.size.both-or-neither", "anam.notes.type", "anam.notes.exclusive"} <= verdicts(paid, "contradicted")


async def test_beside_a_start_that_holds_the_field_a_refusal_is_without_doubt(right):
    free, paid = await right.verify(), await right.verify(paid=True)
    assert {found.rule.id for found in paid.rules if found.doubt} == {"anam.body.environment"}
    doubts = {found.rule.id: found.doubt for found in free.rules if found.doubt}
    assert set(doubts) >= FIELDS
    assert all(doubt.endswith("; --paid tells") for doubt in doubts.values())
    assert (free.data()["in_doubt"], paid.data()["in_doubt"]) == (len(doubts), 1)
    assert next(one["doubt"] for one in paid.data()["rules"] if one["doubt"]).startswith(
        "no accepted call had /environment/livekitUrl: a vendor that knows no such field may refuse alike"
    )


@pytest.mark.parametrize("rule", ["anam.notes.exclusive", "anam.session.region", "anam.body.session-options"])
async def test_a_rule_alone_brings_the_starts_that_take_its_doubt(right, rule):
    report = await right.verify(rule, paid=True)
    assert [(found.rule.id, found.verdict, found.doubt) for found in report.rules] == [(rule, "confirmed", "")]
    assert (await right.verify(rule)).rules[0].doubt.endswith("--paid tells")
