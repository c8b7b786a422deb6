"""`mockvendors serve --fault`: what a client then sees on the wire, and what is refused before anything is served."""

import http.client
import json

import pytest

GOOD = {"personaConfig": {"avatarId": "any"}}


@pytest.fixture(scope="module")
def faulty(start_serve):
    wanted = [
        "status:status=503,operation=startSession,calls=1-2",
        "wrong-content-type:operation=startSession,calls=3",
        "reset-before:operation=getConcurrency,calls=2",
        "missing-field:field=exitStatus,operation=stopSession,session=1",
    ]
    options = [word for text in wanted for word in ("--fault", text)]
    return start_serve("anam", "--no-livekit", "--set", "avatars=none", *options).ready()


@pytest.fixture(scope="module")
def call(faulty):
    exported = faulty.exports

    def call(method, path, body=None):
        return faulty.call(method, exported["ANAM_API_URL"] + path, body, exported["ANAM_API_KEY"])

    return call


def test_the_first_two_starts_get_503_in_the_vendors_shape_and_the_third_another_type(faulty, call):
    for _ in range(2):
        status, body = call("POST", "/v1/engine/session", GOOD)
        assert (status, json.loads(body)["error"]) == (503, "No capacity available")
    exported = faulty.exports
    connection = http.client.HTTPConnection(exported["ANAM_API_URL"].removeprefix("http://"))
    headers = {"Authorization": f"Bearer {exported['ANAM_API_KEY']}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/engine/session", json.dumps(GOOD), headers)
    reply = connection.getresponse()
    session = json.loads(reply.read())["sessionId"]
    connection.close()
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert call("POST", "/v1/engine/session", GOOD)[0] == 200
    stopped = json.loads(call("POST", f"/v1/sessions/{session}/stop")[1])
    assert "exitStatus" not in stopped, "the first session's answers lack it"
    faulty.wait_for("POST /v1/engine/session 503  fault status")


def test_one_call_is_reset(call):
    assert call("GET", "/v1/sessions/concurrency")[0] == 200
    with pytest.raises((ConnectionResetError, http.client.RemoteDisconnected)):
        call("GET", "/v1/sessions/concurrency")
    assert call("GET", "/v1/sessions/concurrency")[0] == 200


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["statsu:status=503"], "--fault 'statsu:status=503': There is no fault 'statsu'. Nearest: status"),
        (["status"], "The fault status needs status"),
        (["status:status=200"], "status of the fault status cannot be '200'"),
        (["status:status=503,calls=0"], "There are no calls '0'"),
        (["status:status=503,operation=start"], "There is no operation 'start'. Nearest: startSession"),
        (["never-joins:operation=listAvatars"], "listAvatars starts no avatar"),
        (["low-fps:fps=5,session=no-such-id"], "There is no session 'no-such-id'"),
        (["stall:calls=1-3", "status:status=503,calls=3-"], "contradict each other"),
        (["missing-field:field=nosuch,operation=startSession"], "no answer of startSession has it"),
        (["cut-body:operation=deleteSession"], "deleteSession answers 204, without a body"),
    ],
)
def test_what_cannot_act_is_refused_before_anything_is_printed(run_serve, texts, told):
    done = run_serve("anam", "--no-livekit", *(word for text in texts for word in ("--fault", text)))
    assert (done.returncode, done.stdout) == (4, "")
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
