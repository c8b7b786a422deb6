"""A cassette that is played: each interaction once, the first that fits; what fits none is shown beside the nearest."""

import pytest

from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.replay import NotRecorded, Player
from mockvendors.cassettes.scrub import Scrubber

from .conftest import ADDRESS, AVATAR, SESSION, exchange

BODY = {"personaConfig": {"avatarId": AVATAR, "name": "Cara"}, "sessionOptions": {"videoWidth": 1152, "videoHeight": 768}}
KEY = (("Authorization", "Bearer mock_VDc3o_9LSOJvWFscJuitD3-43BKnMSSU"),)


def player(contract, *raw, base_url=ADDRESS):
    scrubber = Scrubber(contract, Upstream.parse(ADDRESS))
    return Player(contract, [scrubber.interaction(one) for one in raw], "suite/case.yaml", base_url)


def asked(width=1152, name="Cara", **more):
    body = {
        **BODY,
        "personaConfig": {"avatarId": AVATAR, "name": name},
        "sessionOptions": {"videoWidth": width, "videoHeight": 768},
    }
    return exchange(body, **{"headers": KEY, **more}).sent


def recorded(status=200, reply=None, **more):
    return exchange(BODY, reply, status=status, headers=KEY, **more)


def refusal(made, sent, **more):
    with pytest.raises(NotRecorded) as told:
        made.play(sent, **more)
    return str(told.value).splitlines()


def test_each_is_played_once_in_their_order(contract):
    made = player(contract, recorded(503), recorded(500), recorded(200))
    assert [made.play(asked()).status for _ in range(3)] == [503, 500, 200]
    lines = refusal(made, asked())
    assert lines[1].startswith("nearest:   suite/case.yaml, interaction 1, which was played already: POST")
    assert len(lines) == 2


def test_what_comes_in_another_order_finds_its_own(contract):
    other = exchange({}, {"sessionToken": "x"}, url="/v1/auth/session-token", headers=KEY)
    made = player(contract, other, recorded(201))
    assert made.play(asked()).status == 201


def test_somebodys_own_values_may_be_others(contract):
    made = player(contract, recorded())
    assert made.play(asked(name="Somebody Else", headers=(("Authorization", "Bearer the-key-of-4711"),))).status == 200


def test_another_key_than_the_one_that_was_given_fits_nothing(contract):
    made = player(contract, recorded())
    lines = refusal(made, asked(), other_key=True)
    assert lines[1:] == [
        "nearest:   suite/case.yaml, interaction 1: POST /v1/engine/session",
        "differs:   key: recorded the one that was given, sent another",
    ]
    assert made.play(asked()).status == 200


def test_first_difference_is_shown(contract):
    made = player(contract, recorded(), exchange({}, url="/v1/other", headers=KEY))
    lines = refusal(made, asked(width=640))
    assert lines[0].startswith("request:   POST /v1/engine/session {")
    assert lines[1] == "nearest:   suite/case.yaml, interaction 1: POST /v1/engine/session"
    assert lines[2:] == ["differs:   /sessionOptions/videoWidth: recorded 1152, sent 640"]


def test_no_secret_is_shown(contract):
    lines = refusal(player(contract), asked(headers=KEY, url=SESSION + "?token=a-secret-of-4711-in-it"))
    assert "mock_VDc3o" not in str(lines)
    assert "4711" not in str(lines)
    assert lines[1] == "nearest:   none: suite/case.yaml holds no request at all"


def test_many_differences_are_cut(contract):
    lines = refusal(player(contract, recorded()), exchange({str(n) * 3: 1 for n in range(9)}, headers=KEY).sent)
    assert sum(line.startswith("differs:") for line in lines) == 6
    assert lines[-1].strip() == "and 5 more"


def test_another_server_is_never_answered(contract):
    made = player(contract, recorded())
    lines = refusal(made, asked(at="https://elsewhere.example"))
    assert "differs:   address: recorded http://127.0.0.1, sent https://elsewhere.example" in lines
    assert made.play(asked()).status == 200


def test_answer_is_the_recorded_one(contract):
    made = player(contract, recorded(400, {"error": "Bad request"}, answered=(("Retry-After", "3"),)))
    answer = made.play(asked())
    assert (answer.status, answer.json(), answer.header("retry-after")) == (400, {"error": "Bad request"}, "3")
