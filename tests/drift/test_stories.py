"""Which requests are sent again under another guess: one of each story, with what it needs; and nothing is lost by it."""

from pathlib import Path

import pytest

from mockvendors.cassettes.interaction import Answer, Interaction
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
from mockvendors.contract import Contract
from mockvendors.drift.findings import find
from mockvendors.drift.run import play_all
from mockvendors.drift.stories import Stories
from mockvendors.drift.subject import Subject
from tests.cassettes.test_drift_states import AS_TOKEN, FOREIGN, ID, SLOTS, STARTED, TOKEN, TOLD, call, error, exchange, start

OTHER_ID = ID.replace("1", "9")
OTHER_AVATAR = FOREIGN.replace("8", "9")
CONTRACT = Contract.load("anam")


@pytest.fixture
def recording(tmp_path):
    def make(*exchanges):
        recorder = Recorder(CONTRACT, Upstream.parse("http://127.0.0.1:8090"), Path(tmp_path) / "anam" / "mine", secrets=set())
        for one in exchanges:
            recorder.add("exchanges", one)
        recorder.save()()
        recorder.finish()
        return read_recording(recorder.folder, CONTRACT)

    return make


@pytest.fixture
def stories(recording):
    return lambda *exchanges: Stories.of(recording(*exchanges).cassettes[0].interactions)


def session(name):
    return start({**STARTED, "sessionId": name}), call("POST", f"sessions/{name}/stop", {**TOLD, "id": name})


def test_the_same_with_another_session_is_the_same_story(stories):
    read = stories(*session(ID), *session(OTHER_ID))
    assert read.told == (1, 2, 1, 2)
    assert read.whole({4}) == {3, 4}
    assert read.heads([2, 3, 4]) == {2: 2, 3: 3, 4: 2}


def test_another_past_is_another_story(stories):
    get = call("GET", f"sessions/{ID}", TOLD)
    read = stories(start(), get, call("POST", f"sessions/{ID}/stop", TOLD), get)
    assert read.told == (1, 2, 3, 4)
    assert read.whole({4}) == {1, 2, 3, 4}


def test_two_sessions_of_one_past_are_told_apart(stories):
    """Of two sessions that began alike one is stopped: what comes of the other has its own past."""
    first, stop = session(ID)
    second, _ = session(OTHER_ID)
    gone = call("GET", f"sessions/{ID}", TOLD)
    still = call("GET", f"sessions/{OTHER_ID}", {**TOLD, "id": OTHER_ID})
    read = stories(first, second, stop, gone, still)
    assert read.told[4] != read.told[3]
    assert read.whole({5}) == {2, 5}


def test_a_token_hangs_together_with_its_start(stories):
    given = call("POST", "auth/session-token", {"sessionToken": TOKEN}, body={"personaConfig": {"avatarId": FOREIGN}})
    use = exchange({}, STARTED, headers=[AS_TOKEN])
    read = stories(given, call("GET", "sessions/concurrency", SLOTS), use, use)
    assert [read.whole({number}) for number in (1, 2, 3, 4)] == [{1}, {2}, {1, 3}, {1, 3, 4}]
    assert read.holding(("uuid", 1)) == {1, 3, 4}


def test_what_a_list_tells_again_joins_nothing(stories):
    listed = call("GET", "sessions", {"data": [TOLD, {**TOLD, "id": OTHER_ID}]})
    read = stories(*session(ID), listed, *session(OTHER_ID))
    assert read.whole({3}) == {3}
    assert read.whole({5}) == {4, 5}


def test_avatars_that_nobody_knows_are_not_alike(stories):
    refused = [start(error("Bad request"), 400, avatar=avatar) for avatar in (FOREIGN, OTHER_AVATAR, FOREIGN)]
    assert stories(*refused).told == (1, 2, 1)


def test_what_is_no_json_gives_nothing(stories):
    torn = Interaction(start().sent, Answer(200, "OK", (("Content-Type", "text/plain"),), b"plain"))
    assert stories(torn, torn).told == (1, 1)


TIMES = 12


@pytest.fixture
def asked(monkeypatch):
    """Count what the mock is sent; the real one answers."""
    numbers, ask = [], Subject.ask

    async def counted(self, sent, tenants):
        numbers.append(sent.url)
        return await ask(self, sent, tenants)

    monkeypatch.setattr(Subject, "ask", counted)
    return numbers


async def test_the_same_finding_many_times_is_looked_into_once(recording, asked):
    """Beside what every request is sent for once, a setting is tried on one of a story."""
    wrong = start(error("Bad request", "name is required"), 400, name=None)
    (played,) = await play_all(CONTRACT, [recording(*[start(), wrong] * TIMES)])
    (finding,) = find([played])
    assert len(finding.places) == TIMES
    assert len(asked) < 2 * TIMES + 3 * len(CONTRACT.settings)


async def test_a_setting_that_settles_one_story_is_found_for_all_of_it(recording, asked):
    (played,) = await play_all(CONTRACT, [recording(*[start(status=201)] * TIMES, call("GET", "avatars", error("No"), 400))])
    first, second = find([played])
    assert (first.setting, len(first.places)) == ("success_status=201", TIMES)
    assert (second.what, second.setting) == ("refused", "")
    assert len(asked) < 3 * TIMES + 20


async def test_what_one_setting_settles_is_not_asked_for_again(recording, asked):
    """`validate_at=both` would settle it too, and is tried on nothing any more."""
    body = {"personaConfig": {"avatarId": "6c1f0d3e-5b0a-4c58-9d1e-000000000001"}, "sessionOptions": {"videoWidth": 720}}
    late = call("POST", "auth/session-token", error("Bad request"), 400, body=body)
    (played,) = await play_all(CONTRACT, [recording(*[late] * TIMES)])
    (finding,) = find([played])
    assert (finding.setting, len(finding.places)) == ("validate_at=session_token", TIMES)
    assert len(asked) < 3 * TIMES


async def test_each_of_many_avatars_is_tried_alone(recording, asked):
    ids = [FOREIGN.replace("8d3b7a10", f"8d3b7a1{digit}") for digit in range(6)]
    sizes = [(1152, 768), (720, 480)] * 3
    one = [
        start({**STARTED, "sessionId": ID.replace("2222", f"{number:04d}")}, avatar=avatar, size=size)
        for number, (avatar, size) in enumerate(zip(ids * TIMES, sizes * TIMES, strict=True))
    ]
    (played,) = await play_all(CONTRACT, [recording(*one)])
    assert find([played]) == []
    assert played.agreeing == len(ids) * TIMES
    kinds = 4  # beside the first
    assert len(asked) <= 2 * len(ids) * TIMES + len(ids) * kinds
