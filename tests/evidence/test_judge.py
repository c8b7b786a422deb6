"""One decision for `verify` and `drift`: what an answer says of a rule, and which controls a refusal needs."""

from dataclasses import dataclass, replace

import pytest

from mockvendors.contract import Contract
from mockvendors.drift.places import named_fields
from mockvendors.evidence import Beside, Exchange, Expected, RightIsRefused, judge

CONTRACT = Contract.load("anam")
START = CONTRACT.operations["startSession"]
SPEND = {402: CONTRACT.rules["anam.session.no-plan"]}
RIGHT = {"personaConfig": {"avatarId": "a"}, "sessionOptions": {"videoWidth": 1152, "videoHeight": 768}}
ACCEPTED = Exchange(START, "/v1/engine/session", "Bearer one", "Bearer *", "application/json", RIGHT, 200)


def wrong(**options):
    return {**RIGHT, "sessionOptions": {**RIGHT["sessionOptions"], **options}}


REFUSED = replace(ACCEPTED, body=wrong(videoWidth=720, videoHeight=1280), status=400, error="Bad request")


@dataclass(frozen=True)
class Doubt:
    why: str

    def lacking(self, _refused):
        return self.why


@pytest.mark.parametrize(
    ("status", "error", "verdict"),
    [
        (400, "Bad request", "confirmed"),
        (400, "Other", "contradicted"),
        (422, "Bad request", "contradicted"),
        (200, None, "contradicted"),
    ],
)
def test_status_and_text_decide(status, error, verdict):
    found = judge(Expected((400,), "Bad request", SPEND), replace(REFUSED, status=status, error=error), [])
    assert (found.verdict, found.reason, found.is_silent) == (verdict, "", False)


@pytest.mark.parametrize("status", [302, 402, 408, 429, 500, 503])
def test_a_status_that_says_nothing_does_so_only_where_nobody_expects_it(status):
    silent = judge(Expected((400,), account=SPEND), replace(REFUSED, status=status), [])
    assert (silent.verdict, silent.is_silent, str(status) in silent.reason) == ("not tried", True, True)
    assert judge(Expected((status,), account=SPEND), replace(REFUSED, status=status), []).verdict == "confirmed"


@pytest.mark.parametrize("status", [400, 422])
def test_a_control_in_doubt_takes_the_word_from_a_refusal_whichever(status):
    found = judge(Expected((400,)), replace(REFUSED, status=status), [Doubt(""), Doubt("who knows"), Doubt("later")])
    assert (found.verdict, found.reason, found.is_silent) == ("not tried", "who knows", False)


def test_what_is_accepted_needs_no_control():
    assert judge(Expected((400,)), ACCEPTED, [Doubt("who knows")]).verdict == "contradicted"


@pytest.mark.parametrize(
    ("calls", "doubts"),
    [
        ({}, False),
        ({("startSession", None): "it is"}, True),
        ({("startSession", 400): "it is"}, True),
        ({("startSession", 404): "it is"}, False),
        ({("stopSession", None): "it is"}, False),
    ],
)
def test_where_the_right_request_is_refused_a_refusal_says_nothing(calls, doubts):
    told = RightIsRefused(calls).lacking(REFUSED)
    assert told == ("it is, so that a refusal says nothing" if doubts else "")


def beside(*accepted):
    return Beside({"startSession": accepted}, lambda operation, text: named_fields(CONTRACT, operation, text))


@pytest.mark.parametrize(
    ("refused", "shown"),
    [
        (REFUSED, True),
        (replace(REFUSED, body=wrong(videoWidth=1)), True),
        (replace(REFUSED, body=wrong(videoQuality="low")), False),  # it may know no such field
        (replace(REFUSED, body=wrong(videoWidth=None)), True),
        (replace(REFUSED, body=wrong(videoQuality="low", videoWidth=1)), False),
        (replace(REFUSED, body=RIGHT, media_type="text/plain", status=415), True),
        (replace(REFUSED, media_type="text/plain"), False),
        (replace(REFUSED, body=None), True),
        (replace(REFUSED, body=None, path="/v1//"), False),
        (replace(REFUSED, body=RIGHT, credential="Bearer two", status=401), True),
        (replace(REFUSED, credential="Bearer two"), True),
        (replace(REFUSED, kind="Token *"), False),
        (replace(REFUSED, words="videoWidth and videoHeight"), True),
        (replace(REFUSED, words="avatarId is required"), False),
        (replace(REFUSED, body=RIGHT), True),
        (replace(REFUSED, operation=None), False),
    ],
)
def test_what_was_accepted_beside_shows_for_what_another_was_refused(refused, shown):
    assert (beside(ACCEPTED).lacking(refused) == "") is shown
    assert beside().lacking(refused) != ""


def test_a_field_may_be_held_by_any_call_that_was_accepted():
    refused = replace(REFUSED, body=wrong(videoQuality="low"))
    holder = replace(ACCEPTED, body={**wrong(videoQuality="high"), "clientLabel": "x"})
    assert beside(ACCEPTED).lacking(refused) != ""
    assert beside(holder).lacking(refused) != ""
    assert beside(ACCEPTED, holder).lacking(refused) == ""


def test_one_of_many_is_enough():
    other = replace(ACCEPTED, body={"personaConfig": {"avatarId": "b", "name": "x"}})
    assert beside(other).lacking(REFUSED) != ""
    assert beside(other, ACCEPTED).lacking(REFUSED) == ""
