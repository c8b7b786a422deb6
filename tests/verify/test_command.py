"""`mockvendors verify` as a person or a script runs it: what it prints where, what it asks, how it ends."""

import json
import os
import pty
import signal

import pytest
from aiohttp import web

from mockvendors import limits
from mockvendors.faults import Stall

from .conftest import ACCEPTED, DEVIATIONS, VARIABLE


async def test_report_on_stdout_plan_and_progress_on_stderr(right, command):
    done = await command("--yes", url=right.url, key=right.tenant.api_key)
    assert done.code == 0, done.err
    assert "At most 49 calls to http://127.0.0.1:" in done.err
    assert "POST /v1/engine/session" in done.err
    assert "anam.size.pair  confirmed  [documented]  6 tries; not tried: paid" in done.out
    assert "28 confirmed (17 of them in doubt), 0 contradicted, 21 not tried; 49 calls to" in done.out
    assert "    in doubt: nothing was accepted beside it: a vendor that knows no such field" in done.out
    assert "left out" not in done.out
    assert "they say nothing about the vendor" in done.out
    assert "The plan" not in done.out


async def test_json_is_all_of_stdout(deviating, command):
    done = await command("--yes", "--json", "--paid", "--budget", "100", url=deviating.url, key=deviating.tenant.api_key)
    told = json.loads(done.out)
    assert done.code == 1
    assert {rule["rule"] for rule in told["rules"] if rule["verdict"] == "contradicted"} == DEVIATIONS
    assert [session["started_by"] for session in told["sessions"] if not session["meant"]] == ACCEPTED
    assert {session["state"] for session in told["sessions"]} == {"stopped"}
    assert told["counts"]["contradicted"] == len(DEVIATIONS)
    assert told["answered_by_mock"] is True


async def test_a_contradiction_is_told_with_expected_and_got(deviating, command):
    done = await command("--yes", "--rule", "anam.content-type", url=deviating.url, key=deviating.tenant.api_key)
    assert done.code == 1
    assert "POST /v1/auth/session-token: a body that says text/plain\n      expected: 415\n      got:      400 {" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--rule", "anam.size.pare"), "There is no rule 'anam.size.pare'. Nearest: anam.size.pair"),
        (("--rule", "anam.nope"), "`mockvendors contract anam --kind rule` prints all"),
        (("--base-url", "https://x.invalid", "--key-env", "sk-CANARY-key"), "can be no variable, and is not shown"),
        (("--base-url", "https://x.invalid", "--key-env", "CANARYkey0123"), "The variable that --key-env names is not set"),
        (("--value", "avatr=x"), "Names: avatar"),
        ((), "--base-url is missing"),
        (("--base-url", "https://x.invalid"), "--key-env is missing"),
        (("--base-url", "https://x.invalid", "--key-env", VARIABLE), f"The variable {VARIABLE} is not set or is empty"),
    ],
)
async def test_wrong_input(command, arguments, told):
    done = await command(*arguments)
    assert (done.code, done.out) == (4, "")
    assert told in done.err
    assert "Traceback" not in done.err
    assert "CANARY" not in done.err


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://api.example.com", "the key would go in clear"),
        ("https://api.example.com/v1", "Leave /v1 off"),
        ("https://user:pass@api.example.com", "user info"),
        ("ftp://api.example.com", "not an http or https URL"),
        ("https://[", "not a URL"),
    ],
)
async def test_wrong_address(command, url, told):
    done = await command("--yes", url=url, key="some-key")
    assert (done.code, done.out) == (4, "")
    assert told in done.err
    assert "pass@" not in done.err


async def test_a_key_with_a_line_break_is_refused(command):
    done = await command("--yes", url="https://x.invalid", key="some\nkey")
    assert (done.code, done.out) == (4, "")
    assert "printable ASCII" in done.err


async def test_the_plan_needs_neither_address_nor_key(command):
    done = await command("--plan", "--rule", "anam.size.pair", "--paid")
    assert (done.code, done.err) == (0, "")
    assert "GET /v1/avatars" in done.out
    assert "1152x768 on cara-4  [starts a session]" in done.out
    assert "At most 17 calls, 4 of them starting a session, which is stopped." in done.out


async def test_what_exceeds_the_budget_is_not_sent(right, command):
    done = await command("--yes", "--json", "--budget", "7", url=right.url, key=right.tenant.api_key)
    told = json.loads(done.out)
    assert (done.code, told["calls"]) == (0, 7)
    (pair,) = [rule for rule in told["rules"] if rule["rule"] == "anam.size.pair"]
    assert (pair["verdict"], pair["reason"]) == ("not tried", "budget: 7 calls; paid: it starts a session, or needs one (--paid)")


async def test_what_the_budget_left_out_is_counted_with_the_budget_that_would_do(right, command):
    done = await command("--yes", "--budget", "40", url=right.url, key=right.tenant.api_key)
    assert "  9 not in it: budget: 40 calls (--budget 49 holds all)" in done.err
    assert "9 tries were left out (budget: 40 calls): --budget 49 holds the whole plan" in done.out
    whole = await command("--plan", "--json", "--paid")
    told = json.loads(whole.out)
    assert told["not_sent"] == []
    assert (told["calls"] == told["calls_of_all"], told["budget"] - told["calls"]) == (True, 10)


async def test_a_mock_as_it_is_served_names_the_setting(right, command):
    for name, setting in right.mock._endpoints["anam"].vendor.contract.settings.items():
        if name != "avatars":
            right.tenant.set(name, setting.serve)
    done = await command("--yes", "--rule", "anam.avatar.unknown", url=right.url, key=right.tenant.api_key)
    assert done.code == 1
    assert "As it is served a mock is not as the contract has the vendor: serve it with --set unknown_avatars=refuse" in done.out


async def test_a_rule_that_was_asked_for_and_not_tried(right, command):
    done = await command("--yes", "--rule", "anam.session.running", url=right.url, key=right.tenant.api_key)
    assert done.code == 6
    assert "anam.session.running  not tried  [measured]  paid: it starts a session, or needs one (--paid)" in done.out


async def test_nobody_there(command, unused_tcp_port):
    done = await command("--yes", url=f"http://127.0.0.1:{unused_tcp_port}", key="some-key")
    assert done.code == 7
    assert "Ended early: 3 calls in a row had no answer (no connection: Connection refused)" in done.out
    progress = done.err.partition("none of them to start a session.\n")[2].splitlines()
    assert len(progress) == 4, "one cause is told once"
    assert len(done.out.splitlines()) < 40


async def test_nothing_is_sent_where_nobody_can_be_asked(right, command):
    done = await command(url=right.url, key=right.tenant.api_key)
    assert (done.code, done.out) == (4, "")
    assert "Read the plan, then add --yes" in done.err
    assert "The plan:" in done.err
    assert right.tenant.journal.entries == []


@pytest.mark.parametrize(("answer", "code", "calls"), [(b"n\n", 5, 0), (b"y\n", 0, 9)])
async def test_on_a_terminal_it_asks(right, command, answer, code, calls):
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer)
        done = await command("--rule", "anam.size.pair", url=right.url, key=right.tenant.api_key, stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert "Send up to 9 calls to http://127.0.0.1:" in done.err
    assert (done.code, len(right.tenant.journal.entries)) == (code, calls)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_session_is_stopped_when_somebody_interrupts(right, command, number):
    right.tenant.faults.add(Stall(), "deleteSession", calls=1)

    async def hanging():
        await right.tenant.journal.wait_for(lambda entry: entry.operation == "deleteSession", limits.DRIVER_HELLO)

    arguments = ("--yes", "--paid", "--rule", "anam.session.running")
    done = await command(*arguments, url=right.url, key=right.tenant.api_key, until=hanging, number=number)
    assert done.code == 2, done.err
    assert "interrupted after 5 calls" in done.err  # a stop among them
    assert "was started and stopped: anam.call.one" in done.err
    assert right.tenant.active == 0


async def test_no_secret_is_printed(command):
    """A vendor that repeats the key and gives tokens that have no known form."""
    key, token = "sk-CANARY-key-0123456789", "opaque-CANARY-token-0123456789"

    seen = []

    async def answer(request):
        seen.append(request.headers.get("Authorization", ""))
        text = f"{await request.text()} {request.headers.get('Authorization')}"
        if request.path.endswith("session-token") and request.content_type == "application/json":
            return web.json_response({"sessionToken": token})
        return web.json_response(
            {"error": text, "message": text, "data": [{"id": "one", "activeVersion": "cara-4"}], "sessionId": "s1"}
        )

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        url = f"http://{host}:{port}"
        plain = await command("--yes", "--paid", "--budget", "200", url=url, key=key)
        data = await command("--yes", "--paid", "--json", "--budget", "200", url=url, key=key)
    finally:
        await runner.cleanup()
    assert plain.code == data.code == 1
    assert {f"Bearer {key}", f"Bearer {token}"} <= set(seen)
    assert "got:      200" in plain.out
    assert "CANARY" not in plain.out + plain.err + data.out + data.err


async def test_help_teaches(command):
    done = await command("--help")
    assert done.code == 0
    assert "mockvendors verify anam --base-url https://api.anam.ai \\\n        --key-env ANAM_API_KEY" in done.out
    assert "6  nothing is contradicted" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
