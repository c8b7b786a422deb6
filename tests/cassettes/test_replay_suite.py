"""`--vendor-mode cassette`: the real plugin, wrong plugins, and what is wrong with a recording, in runs of their own."""

import re
import shutil
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mockvendors import paths
from mockvendors.cassettes.header import NAME, Header
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
from mockvendors.conformance.vendor_mode_choice import choose
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from suites.anam.traits import ANAM
from tests.conformance.running import ROOT, implementation, run, verdict

from .conftest import exchange

SUITE = paths.fixtures() / "cassettes" / "anam" / "suite"
MODE = ("--vendor-mode", "cassette")
FILES = ("suites/anam/test_request.py",)
NOTHING = (
    "a recording of a mock, made today, with livekit-plugins-anam 1.8.9 (livekit-agents 1.8.9): says nothing about the vendor"
)


@pytest.fixture
def recording(tmp_path):
    """A copy of the suite's recording, made today."""
    folder = tmp_path / "anam" / "suite"
    shutil.copytree(SUITE, folder)
    dated(folder, 0)
    return folder


def dated(folder, days):
    """Write another date into a header, as if it had been recorded then."""
    header = Header.loads((folder / NAME).read_bytes(), "the copy")
    moment = (datetime.now(UTC) - timedelta(days=days, minutes=1)).isoformat(timespec="seconds")
    (folder / NAME).write_bytes(msgspec.structs.replace(header, recorded=moment).dumps())


class Options:
    """The options of a run, as pytest has them."""

    def __init__(self, **given):
        self._given = {"vendor_mode": "cassette", **given}

    def getoption(self, name, default=None):
        return self._given.get(name.removeprefix("--").replace("-", "_"), default)

    def add_cleanup(self, _what):
        """Leave what is made to the test's folder."""


def replay(*arguments, recording=SUITE, **environment):
    return run(*arguments, *MODE, f"--cassettes={recording}", **environment)


# the published plugin


def test_published_plugin_replays_its_suite_without_mock_livekit_or_socket(recording):
    cases = len(read_recording(SUITE, Contract.load("anam")).cassettes)
    code, output = replay("suites/anam", "-p", "tests.cassettes.sealed", recording=recording, PYTHONPATH=str(ROOT))
    assert code == 6, output
    counts = {kind: int(number) for number, kind in re.findall(r"(\d+) ([a-z ]+?)(?: ·|$)", verdict(output)[1])}
    assert counts["pass"] == cases, output
    assert set(counts) == {"pass", "not claimed", "not verified"}, output
    assert f"replayed suite: {NOTHING}" in output
    assert re.search(r"not verified: \d+ cases: a case with a room is neither recorded nor replayed", output), output


def test_seal_of_that_test_is_one():
    code, output = run(*FILES, "-p", "tests.cassettes.sealed", PYTHONPATH=str(ROOT))
    assert code == 99, output
    assert "sealed: the judge asked for socket.bind" in output


def test_incomplete_is_allowed_where_it_is_said():
    code, output = replay("suites/anam/test_vendor.py", *FILES, "--allow-incomplete")
    assert code == 0, output
    assert "a case that asks the mock vendor itself, and no plugin, is neither recorded nor replayed" in output


# wrong plugins


@pytest.mark.parametrize(
    ("name", "rule", "told"),
    [
        ("size_swapped", "core.size.forwarded", "differs:   /sessionOptions/videoWidth: recorded 1152, sent 768"),
        ("names_snake_case", "anam.body.names", "differs:   /sessionOptions/videoWidth: recorded 1152, sent nothing"),
        ("bearer_missing", "anam.auth.bearer", "differs:   header authorization: recorded bearer, sent"),
        ("token_room_admin", "core.token.grants", "(claims)/video/roomAdmin: recorded nothing, sent true"),
        ("refusal_retried", "core.errors.no-retry", "interaction 1, which was played already"),
    ],
)
def test_plugin_that_sends_something_else_is_failed(name, rule, told):
    code, output = replay("suites/anam", f"--implementation=agents:mutants/anam/{name}.py", f"--rule={rule}")
    assert code == 1, output
    assert "not recorded: the implementation sent what the recording of this case does not hold" in output
    assert told in output
    assert f"--implementation=agents:mutants/anam/{name}.py --vendor-mode=cassette --cassettes={SUITE}" in output
    assert "ERROR at teardown" not in output


def test_right_plugin_is_not_failed():
    files = (*FILES, "suites/anam/test_configuration.py")
    code, output = replay(*files, "--implementation=agents:mutants/anam/reference.py", "--allow-incomplete")
    assert code == 0, output


KEY_CASES = (
    "suites/anam/test_configuration.py",
    "suites/anam/test_request.py",
    "-k",
    "environment or wrong_key or model_is_sent",
)


@pytest.mark.parametrize(
    ("key", "failed"),
    [
        ('os.environ.get("ANAM_API_KEY") or super().find_key(api_key)', ["test_argument_comes_before_the_environment"]),
        (
            'super().find_key(api_key) + "x"',
            [
                "test_argument_comes_before_the_environment",
                "test_address_and_key_by_the_environment",
                "test_model_is_sent",
            ],
        ),
    ],
    ids=["environment first", "mangled"],
)
def test_plugin_that_sends_another_key_is_failed(tmp_path, key, failed):
    """A wrong key that a case gives is wrong in any form: its recorded 401 fits."""
    wrong = f"""
        import os
        from reference import *
        from reference import AvatarSession as Right

        class AvatarSession(Right):
            def find_key(self, api_key):
                return {key}
        """
    code, output = replay(*KEY_CASES, implementation(tmp_path, wrong), "-rA")
    assert code == 1, output
    assert output.count("  differs:   key: recorded the one that was given, sent another\n") == len(failed), output
    for case in failed:
        assert re.search(rf"^FAILED .*::{case}", output, re.MULTILINE), output
    assert "another-key" not in output


def test_connection_past_the_http_client_is_refused_and_told(tmp_path):
    wrong = """
        import socket
        from reference import *
        from reference import AvatarSession as Right

        class AvatarSession(Right):
            async def start(self, agent_session, room, **more):
                with socket.socket() as opened:
                    opened.connect_ex(("192.0.2.1", 80))
                await super().start(agent_session, room=room, **more)
        """
    code, output = replay(*FILES, "--rule=anam.body.model", implementation(tmp_path, wrong))
    assert code == 6, output
    assert "opens connections of its own, by no HTTP client that vcrpy knows: ('192.0.2.1', 80)" in output


def test_environment_without_vcrpy_is_told_with_its_remedy(tmp_path):
    (tmp_path / "vcr.py").write_text("raise ImportError('not here')\n")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{ROOT}/.venv/bin/python" "$@"\n')
    python.chmod(0o755)
    code, output = replay(*FILES, "--rule=anam.body.model", f"--implementation-python={python}")
    assert code == 6, output
    assert "cannot replay: install vcrpy into its environment (pip install vcrpy)" in output


# age


@pytest.mark.parametrize(("days", "oldest", "code"), [(0, 0, 1), (12, 7, 1), (12, 12, 1), (12, 13, 0), (1, None, 0)])
def test_age_is_told_and_judged_where_it_is_asked_for(recording, days, oldest, code):
    dated(recording, days)
    mode = choose(Options(cassettes=recording, max_age=oldest))
    mode.begin([ANAM])
    told = mode.notes()
    age = {0: "made today", 1: "1 day old", 12: "12 days old"}[days]
    assert next(iter(told)).startswith(f"replayed suite: a recording of a mock, {age}, with livekit-plugins-anam")
    assert max(told.values()) == code
    assert (f"suite is older than --max-age {oldest}: record it again" in told) is (code == 1)


@pytest.mark.parametrize("days", [-1, 99_999_999_999])
def test_age_that_is_none_is_refused_before_a_case_runs(recording, days):
    with pytest.raises(UsageFault, match=f"--max-age {days} is no number of days"):
        choose(Options(cassettes=recording, max_age=days))


def test_age_that_is_none_is_told_in_one_line():
    code, output = replay(*FILES, "--max-age=99999999999")
    assert code == 4, output
    assert output.count("ERROR: --max-age 99999999999 is no number of days. Give one from 0 to 100000, for example 90") == 1
    assert "Traceback" not in output


def test_run_fails_on_what_is_too_old_and_tells_it_across_processes(recording):
    dated(recording, 12)
    code, output = replay(*FILES, "--rule=anam.body.model", "--max-age=7", "-n1", recording=recording)
    assert code == 1, output
    assert re.search(r"^1 pass$", output, re.MULTILINE)
    assert "suite is older than --max-age 7" in output


# what is wrong with a recording, or with how it is asked for


def cut(folder):
    path = folder / "request.Request.model-is-sent.yaml"
    path.write_bytes(path.read_bytes()[:-40])
    return f"{path}: cut: "


def edited(folder):
    path = folder / "request.Request.model-is-sent.yaml"
    path.write_bytes(path.read_bytes().replace(b"cara-4", b"cara-3"))
    return f"{path}: edited since it was recorded"


def of_another_version(folder):
    path = folder / NAME
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    return f"{path}: recording format 2; known: 1. Record it again"


def of_another_vendor(folder):
    header = Header.loads((folder / NAME).read_bytes(), "the copy")
    (folder / NAME).write_bytes(msgspec.structs.replace(header, vendor="tavus").dumps())
    return f"{folder / NAME}: of the vendor tavus, not anam. Name a recording of anam"


def said_to_be_the_vendors(folder):
    header = Header.loads((folder / NAME).read_bytes(), "the copy")
    (folder / NAME).write_bytes(msgspec.structs.replace(header, against="vendor").dumps())
    return f"{folder / NAME}: says `vendor`, but a mock answered"


def removed(folder):
    shutil.rmtree(folder)
    return f"there is no recording {folder}. Name one with --cassettes, or make it: pytest suites/anam --vendor-mode record"


def of_a_client(folder):
    """Let it be one that the proxy made: no cassette has the name of a case."""
    shutil.rmtree(folder)
    recorder = Recorder(Contract.load("anam"), Upstream.parse("http://127.0.0.1:9"), folder, secrets=set())
    for name in ("exchanges", "test_start", "a-long-name.0042"):
        recorder.add(name, exchange({}, {}))
    recorder.save()()
    told = "holds no case of a suite: no suite was recorded there"
    return f"{folder} {told}. Name one that was made by: pytest suites/anam --vendor-mode record"


SPOILT = [cut, edited, of_another_version, of_another_vendor, said_to_be_the_vendors, removed, of_a_client]


@pytest.mark.parametrize("spoil", SPOILT)
def test_recording_that_cannot_be_played_is_refused(recording, spoil):
    told = spoil(recording)
    with pytest.raises(UsageFault) as fault:
        choose(Options(cassettes=recording)).begin([ANAM])
    assert str(fault.value).startswith(told)


def test_refusal_is_one_line(recording):
    told = cut(recording)
    code, output = replay(*FILES, recording=recording)
    assert code == 4, output
    assert output.count(f"ERROR: {told}") == 1
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"vendor_mode": None, "cassettes": "x"}, "--cassettes means nothing with --vendor-mode mock. Add --vendor-mode record"),
        ({"vendor_mode": "mock", "max_age": 3}, "--max-age means nothing with --vendor-mode mock. Add --vendor-mode cassette"),
        ({"vendor_mode": "record", "max_age": 3}, "--max-age means nothing with --vendor-mode record. Add --vendor-mode"),
    ],
)
def test_option_that_means_nothing_is_refused(options, told):
    with pytest.raises(UsageFault) as fault:
        choose(Options(**options))
    assert str(fault.value).startswith(told)
