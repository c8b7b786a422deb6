"""`mockvendors serve`: what it prints where, what it refuses, and that it ends without a trace."""

import json
import signal
import socket

import pytest

from mockvendors import limits
from mockvendors.room.ask import ask

AVATAR = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
SESSION = {"personaConfig": {"name": "a label", "avatarId": AVATAR, "llmId": "CUSTOMER_CLIENT_V1"}}
NONE = {"MOCKVENDORS_LIVEKIT": "none"}


@pytest.fixture(scope="module")
def alone(start_serve):
    """A mock without LiveKit: enough for all that is about requests."""
    return start_serve("anam", "--no-livekit").ready()


@pytest.fixture(scope="module")
def complete(start_serve):
    return start_serve("anam").with_livekit()


def test_the_exported_lines_are_all_of_standard_output_and_work(alone):
    assert [line.split("=")[0] for line in alone.out.splitlines()] == ["export ANAM_API_URL", "export ANAM_API_KEY"]
    url, key = alone.exports["ANAM_API_URL"], alone.exports["ANAM_API_KEY"]
    assert alone.call("GET", f"{url}/v1/avatars", key=key)[0] == 200
    assert alone.call("GET", f"{url}/v1/avatars", key="mock_other")[0] == 401


def test_each_request_is_one_line_on_stderr_with_its_broken_rule_and_no_key(alone):
    url, key = alone.exports["ANAM_API_URL"], alone.exports["ANAM_API_KEY"]
    before = len(alone.err.splitlines())
    status, _ = alone.call("POST", f"{url}/v1/engine/session?token={key}", {}, key)
    alone.wait_for("anam.body.persona")
    lines = alone.err.splitlines()[before:]
    assert [status, *lines[-1].split()[1:2], *lines[-1].split()[3:]] == [400, "POST", "400", "anam.body.persona"]
    assert key not in alone.err


def test_the_livekit_that_was_started_takes_the_exported_key(complete):
    names = ["ANAM_API_URL", "ANAM_API_KEY", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"]
    found = complete.exports
    assert list(found) == names
    answer, _ = ask(found["LIVEKIT_URL"].replace("ws", "http", 1), found["LIVEKIT_API_KEY"], found["LIVEKIT_API_SECRET"], 5)
    assert answer == "ours"
    assert found["LIVEKIT_API_SECRET"] not in complete.err


def test_a_livekit_of_ones_own_is_used_and_its_secret_not_printed(complete, start_serve):
    theirs = {name: value for name, value in complete.exports.items() if name.startswith("LIVEKIT")}
    serve = start_serve("anam", "--json", **theirs).ready()
    told = json.loads(serve.out)
    assert told["livekit"] == {"url": theirs["LIVEKIT_URL"], "source": "LIVEKIT_URL"}
    assert list(told["environment"]) == ["ANAM_API_URL", "ANAM_API_KEY"]
    assert theirs["LIVEKIT_API_SECRET"] not in serve.out + serve.err
    assert serve.stop() == 0
    assert complete.state()["livekit"] == theirs["LIVEKIT_URL"]


def test_json_is_one_object_and_nothing_else(start_serve):
    serve = start_serve("anam", "--json", "--key", "chosen key'", **NONE).ready()
    told = json.loads(serve.out)
    vendor = told["vendors"]["anam"]
    assert vendor["api_key"] == told["environment"]["ANAM_API_KEY"] == "chosen key'"
    assert told["livekit"] is None
    assert told["page"] == serve.page
    assert serve.call("GET", f"{vendor['url']}/v1/avatars", key="chosen key'")[0] == 200


def test_a_key_with_special_characters_survives_the_shell(start_serve):
    serve = start_serve("anam", "--key", "a b'$c\"", **NONE).ready()
    assert serve.exports["ANAM_API_KEY"] == "a b'$c\""


@pytest.mark.parametrize(
    ("env", "cause"),
    [
        (NONE, "LiveKit is switched off by MOCKVENDORS_LIVEKIT=none"),
        (
            {"LIVEKIT_URL": "ws://127.0.0.1:9", "LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": "s" * 32},
            "cannot be reached",
        ),
    ],
)
def test_without_livekit_it_serves_nonetheless_and_says_why(start_serve, env, cause):
    serve = start_serve("anam", **env).ready()
    assert cause in serve.err
    assert "joins the room that your agent's request names" in serve.err
    url, key = serve.exports["ANAM_API_URL"], serve.exports["ANAM_API_KEY"]
    assert serve.call("POST", f"{url}/v1/engine/session", SESSION, key)[0] == 200


def test_a_setting_is_turned(start_serve):
    serve = start_serve("anam", "--set", "success_status=201", "--set", "plan=free", **NONE).ready()
    url, key = serve.exports["ANAM_API_URL"], serve.exports["ANAM_API_KEY"]
    assert serve.call("POST", f"{url}/v1/engine/session", SESSION, key)[0] == 201


def test_after_a_reset_it_is_as_if_just_started_and_no_line_is_lost(start_serve):
    options = ["--set", "max_concurrent=1", "--fault", "status:status=503,operation=getConcurrency,calls=1"]
    serve = start_serve("anam", "--no-livekit", *options).ready()
    url, key = serve.exports["ANAM_API_URL"], serve.exports["ANAM_API_KEY"]
    seen = []
    for number in range(2):
        sent = {"personaConfig": {"avatarId": f"unknown-{number}"}}
        seen += [serve.call("POST", f"{url}/v1/engine/session?n={number}", sent, key)[0] for _ in range(2)]
        seen += [serve.call("GET", f"{url}/v1/sessions/concurrency?n={number}", key=key)[0] for _ in range(2)]
        assert serve.call("GET", f"{url}/v1/avatars?n={number}", key="wrong")[0] == 401
        assert serve.call("POST", f"{url}/_mock/reset")[0] == 200
    assert seen == [200, 429, 503, 200] * 2
    minted = json.loads(serve.call("POST", f"{url}/_mock/tenants", {})[1])
    assert serve.call("GET", f"{url}/v1/avatars?n=other", key=minted["api_key"])[0] == 200
    serve.wait_for("/v1/avatars?n=other 200")
    for number in range(2):
        counts = [serve.err.count(f"{path}?n={number}") for path in ("engine/session", "concurrency", "avatars")]
        assert counts == [2, 2, 1], serve.err


@pytest.mark.parametrize(
    ("arguments", "env", "words"),
    [
        (["acme"], {}, ["'acme'", "Known vendors: anam"]),
        (["anam", "anam"], {}, ["'anam' is named twice", "/_mock/tenants"]),
        (["anam", "--settings", "anam"], {}, ["'anam' is named twice"]),
        (["anam", "--set", "validate=both"], {}, ["'validate'", "validate_at"]),
        (["anam", "--set", "validate_at=never"], {}, ["validate_at", "'never'", "engine_session"]),
        (["anam", "--set", "validate_at"], {}, ["name=value"]),
        (["anam", "--set", "max_concurent=1"], {}, ["'max_concurent'", "Nearest: max_concurrent", "--settings"]),
        (["anam", "--set", "zzz=1"], {}, ["'zzz'", "Known: ", "unknown_avatars"]),
        (["anam", "--set", "max_concurrent=abc"], {}, ["max_concurrent cannot be 'abc'", "a whole number from 0 or null"]),
        (["anam", "--port", "70000"], {}, ["--port", "65535"]),
        (["anam", "--port", "-1"], {}, ["--port", "0"]),
        (["anam", "--page-port", "65536"], {}, ["--page-port", "65535"]),
        (["anam", "--host", "256.256.256.256"], {}, ["--host '256.256.256.256'", "127.0.0.1"]),
        (["anam", "--host", "192.0.2.1"], {}, ["--host 192.0.2.1 is no address of this machine"]),
        (["anam", "--key", "kö"], {}, ["printable ASCII"]),
        (["anam", "--host", "0.0.0.0"], {}, ["0.0.0.0", "--admin-token"]),
        (["anam", "--settings", "acme"], {}, ["Known vendors: anam"]),
        (["anam"], {"LIVEKIT_URL": "ws://127.0.0.1:9"}, ["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"]),
        (["anam"], {"MOCKVENDORS_LIVEKIT": "magic"}, ["'magic'", "docker"]),
    ],
)
def test_wrong_input_ends_with_4_and_says_what_is_right(run_serve, arguments, env, words):
    run = run_serve(*arguments, **env)
    assert run.returncode == 4
    assert all(word in run.stderr for word in words), run.stderr
    assert "Traceback" not in run.stderr
    assert "cannot be had" not in run.stderr
    assert run.stdout == "", "what is wrong is found before anything is printed"


def test_half_of_the_variables_does_not_matter_where_no_livekit_is_wanted(start_serve):
    serve = start_serve("anam", "--no-livekit", LIVEKIT_URL="ws://127.0.0.1:9").ready()
    assert serve.stop() == 0


def test_any_avatar_is_stood_in_for_and_that_is_said_once(start_serve):
    serve = start_serve("anam", "--no-livekit").ready()
    url, key = serve.exports["ANAM_API_URL"], serve.exports["ANAM_API_KEY"]
    sent = {**SESSION, "personaConfig": {"name": "mine", "avatarId": "11111111-2222-4333-8444-555555555555"}}
    assert [serve.call("POST", f"{url}/v1/engine/session", sent, key)[0] for _ in range(2)] == [200, 200]
    serve.wait_for("stood in for by")
    serve.until(lambda: serve.err.count("no LiveKit in the request") == 2, limits.SESSION_END, lambda: serve.err)
    line = (
        f"avatar 11111111-2222-4333-8444-555555555555 is not in the mock's catalogue; stood in for by stock 1 ({AVATAR}, cara-4)"
    )
    assert serve.err.count(line) == serve.err.count("is not in the mock's catalogue") == 1


def test_an_unknown_avatar_can_be_refused_as_the_vendor_does_and_the_remedy_is_told(start_serve):
    serve = start_serve("anam", "--no-livekit", "--set", "unknown_avatars=refuse").ready()
    url, key = serve.exports["ANAM_API_URL"], serve.exports["ANAM_API_KEY"]
    status, body = serve.call("POST", f"{url}/v1/engine/session", {"personaConfig": {"avatarId": "mine"}}, key)
    assert (status, json.loads(body)) == (404, {"error": "Not found", "message": "Avatar with id mine does not exist."})
    serve.wait_for("unknown_avatars=accept")
    assert AVATAR in serve.err


@pytest.mark.parametrize("option", ["--port", "--page-port"])
def test_a_port_in_use_ends_with_7_and_names_it(run_serve, option):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = run_serve("anam", option, str(port))
    assert (run.returncode, run.stdout) == (7, ""), "nothing is exported that does not work"
    assert run.stderr.startswith(f"mockvendors: 127.0.0.1:{port} cannot be had")
    assert len(run.stderr.splitlines()) == 1


def test_an_address_that_others_reach_wants_a_token_for_the_admin_api(start_serve):
    serve = start_serve("anam", "--host", "0.0.0.0", **NONE, MOCKVENDORS_ADMIN_TOKEN="let-me-in").ready()
    url, key = serve.exports["ANAM_API_URL"], serve.exports["ANAM_API_KEY"]
    assert serve.call("GET", f"{url}/v1/avatars", key=key)[0] == 200
    assert serve.call("GET", f"{url}/_mock/journal", key="wrong")[0] == 401
    assert serve.call("GET", f"{url}/_mock/journal", key="let-me-in")[0] == 200
    assert "let-me-in" not in serve.out + serve.err


def test_the_settings_are_shown_with_their_evidence(run_serve):
    run = run_serve("anam", "--settings")
    assert (run.returncode, run.stderr) == (0, "")
    assert all(word in run.stdout for word in ("validate_at", "engine_session", "assumed", "speaker_left_grace"))
    rows = json.loads(run_serve("anam", "--settings", "--json").stdout)
    assert {"vendor", "name", "default", "allowed", "level", "text"} == set(rows[0])
    assert [row["default"] for row in rows if row["name"] == "unknown_avatars"] == ["accept"], "the default of serve"


@pytest.mark.parametrize("columns", ["60", "100", ""])
def test_the_settings_are_as_wide_as_columns_says(run_serve, columns):
    told = run_serve("anam", "--settings", COLUMNS=columns).stdout.splitlines()
    widest = max(len(line) for line in told if line.startswith("    "))
    assert int(columns or 80) - 12 < widest <= int(columns or 80)
    assert not [line for line in told if line.endswith(" ")]


def test_help_teaches(run_serve):
    run = run_serve("--help")
    assert run.returncode == 0
    assert all(word in run.stdout for word in ("--settings", "LIVEKIT_URL", "Examples:", "Exit codes:", "unknown_avatars=refuse"))
    assert max(len(line) for line in run.stdout.splitlines()) <= 80


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["Ready", "export ANAM_API_KEY"])
def test_a_signal_ends_it_with_0_and_leaves_nothing(start_serve, number, moment):
    serve = start_serve("anam")
    serve.wait_for(moment)
    url = serve.exports["ANAM_API_URL"]
    assert serve.stop(number) == 0
    assert serve.left() == []
    assert "Traceback" not in serve.err
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])))


def test_a_livekit_that_dies_is_told_with_its_log_and_ends_it(start_serve):
    serve = start_serve("anam").with_livekit()
    serve.kill_livekit()
    assert serve.process.wait(10) == 7
    assert "the LiveKit server of this run" in serve.err
    assert serve.left() == []
