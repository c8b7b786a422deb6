"""What becomes of a case whose driver ends or breaks the protocol: whose fault it is, and that it is told once."""

import re
import sys
import textwrap

import pytest

from tests.conformance.running import run

CASE = "suites/anam/test_transport.py::TestTransport::test_start_waits_for_the_answer"
DRIVER = """
import json, os, signal, sys
def send(**message): print(json.dumps(message), flush=True)
sessions, greeted = {}, False
for line in sys.stdin:
    m = json.loads(line)
    number, cmd, session = m["id"], m["cmd"], m.get("session")
    if cmd == "hello" and (greeted or 1 not in m["protocol"]):
        send(id=number, error={"kind": "driver", "class": "E", "message": "no"})
    elif cmd == "hello":
        greeted = True
        who = {"name": "toy", "version": "3"}
        send(id=number, ok={"protocol": 1, "implementation": who, "capabilities": CLAIMS})
    elif cmd in {"ping", "shutdown"}:
        send(id=number, ok={})
        if cmd == "shutdown":
            break
    elif cmd == "open":
        sessions[session] = m
        send(id=number, ok={"identity": "agent"})
    elif session not in sessions and cmd in {"start", "close"}:
        send(id=number, error={"kind": "driver", "class": "E", "message": "no"})
    elif cmd == "start" and session != "smoke":
        WRONG
    elif cmd in {"start", "close"}:
        send(id=number, ok={})
    else:
        send(id=number, unsupported=cmd)
"""


@pytest.fixture
def judged(tmp_path):
    """Run one case with a driver that goes wrong at its start, and return the exit code and the output."""

    def judge(wrong, case=CASE, claims=("connection-options",)):
        path = tmp_path / "driver.py"
        path.write_text(DRIVER.replace("WRONG", textwrap.dedent(wrong)).replace("CLAIMS", str(list(claims))))
        named = f"--implementation=exec:{sys.executable} {path}"
        return run(case, named, MOCKVENDORS_LIVEKIT="none")

    return judge


OUTCOMES = {
    "dies": ("print('out of luck', file=sys.stderr, flush=True); os._exit(3)", 1, "crash", "exit code 3; its last words:\n"),
    "signal": ("os.kill(os.getpid(), signal.SIGSEGV)", 1, "crash", "ended with signal SIGSEGV"),
    "hangs": ("continue", 1, "timeout", "no answer to start within"),
    "garbage": ("print('started!', flush=True)", 7, "error", "a line that is not a message: 'started!', while start was pending"),
    "other-id": ("send(id=number + 50, ok={})", 7, "error", r"a reply to request \d+, which nobody made"),
    "twice": ("send(id=number, ok={}); send(id=number, ok={})", 7, "error", r"a second reply to request \d+"),
    "ok-and-error": ("send(id=number, ok={}, error={})", 7, "error", "it holds ok and error of ok, error, unsupported"),
    "own-bug": (
        "send(id=number, error={'kind': 'driver', 'class': 'KeyError', 'message': 'oh'})",
        7,
        "error",
        "itself failed: KeyError: oh",
    ),
}


@pytest.mark.parametrize("wrong", OUTCOMES)
def test_each_has_its_verdict(judged, wrong):
    script, code, verdict, told = OUTCOMES[wrong]
    returned, output = judged(script)
    assert returned == code, output
    assert re.search(rf"^1 {verdict}$", output, re.MULTILINE), output
    assert re.search(told, output), output
    assert ("driver fault, not the plugin's: the driver of exec:" in output) is (code == 7), output
    assert re.search(rf"^  reproduce: \S*pytest {re.escape(CASE)} '--implementation=exec:", output, re.MULTILINE), output
    assert ("exit code 7: a fault of the driver of exec:" in output) is (code == 7), output
    assert ("`mockvendors smoke anam --implementation 'exec:" in output) is (code == 7), output
    assert "a fault of mockvendors" not in output


def test_the_last_words_of_a_driver_that_is_wrong_are_told(judged):
    code, output = judged("print('out of paper', file=sys.stderr, flush=True); print('started!', flush=True)")
    assert code == 7, output
    assert "driver stderr" in output
    assert "\nout of paper\n" in output


SIZE = "suites/anam/test_size.py::TestSize::test_half_pair_never_leaves"


@pytest.mark.parametrize(
    ("claims", "case", "code", "told"),
    [
        (["video-size"], SIZE, 7, "claims video-size but answers unsupported to start: not that"),
        (["connection-options", "video-size"], CASE, 5, "not claimed: not that"),
        ([], SIZE, 5, "does not claim video-size"),
    ],
    ids=["option", "neither", "not-claimed"],
)
def test_who_claims_what_is_unsupported_is_wrong(judged, claims, case, code, told):
    returned, output = judged("send(id=number, unsupported='not that')", case, claims)
    assert returned == code, output
    assert told in output
    assert ("exit code 7: a fault of the driver of exec:" in output) is (code == 7)


def test_a_death_behind_the_last_reply_is_no_pass(judged):
    error = "{'kind': 'configuration', 'class': 'E', 'message': 'there is no key'}"
    case = "suites/anam/test_configuration.py::TestConfiguration::test_missing_key"
    alive, output = judged(f"send(id=number, error={error})", case)
    assert alive == 0, output
    dead, output = judged(f"send(id=number, error={error}); os._exit(3)", case)
    assert dead == 1, output
    assert "the driver's process ended with exit code 3" in output
    assert re.search("^1 crash$", output, re.MULTILINE), output


def test_a_death_behind_what_is_not_claimed_is_told(judged):
    code, output = judged("send(id=number, unsupported='not that'); os._exit(3)", claims=["connection-options"])
    assert code == 1, output
    assert "the driver's process ended with exit code 3" in output
    assert re.search("^1 crash$", output, re.MULTILINE), output
