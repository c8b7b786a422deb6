"""`--record-option`: the suite, recorded from a vendor that knows none of the suite's own values, but those of an account."""

import asyncio
import json
import os
import re
from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from mockvendors import paths
from mockvendors.cassettes.header import NAME, Header
from mockvendors.cassettes.interaction import Answer, Interaction, NotJson, Sent
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.own_options import Exchange
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
from mockvendors.cassettes.replay_differences import differences
from mockvendors.cassettes.standins import alike
from mockvendors.conformance.vendor_mode_choice import choose
from mockvendors.conformance.vendor_mode_options import own_options
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from suites.anam.traits import ANAM, AVATAR
from tests.conformance.running import ROOT, command, implementation, run

from .conftest import ADDRESS, exchange
from .test_replay_suite import MODE, Options

OWN = "9a7be1c2-33d4-4f5e-8a6b-b1c2d3e4f506"
"""Of somebody's account; no avatar of the mock's contract."""
STAND_IN = "00000000-0000-4000-8000-000000000001"
RECORD = ("--vendor-mode", "record")
VENDOR = (*RECORD, "--record-upstream=http://127.0.0.1:9", "--record-key-env=REAL_KEY")
OPTION = f"--record-option=avatar_id={OWN}"
FILES = ("suites/anam/test_request.py", "suites/anam/test_size.py", "suites/anam/test_configuration.py")
WHY_NOT = {
    "not recorded: a vendor cannot be asked for a fault or a setting",
    "not recorded: how often it asks depends on how busy the machine is",
    "a case with a room is neither recorded nor replayed",
    "a case that asks the mock vendor itself, and no plugin, is neither recorded nor replayed",
}
PATIENCE = {"MOCKVENDORS_TIME_SCALE": "3"}
"""Vendor, proxy, judge and plugin share the machine."""
SUITE = paths.fixtures() / "cassettes" / "anam" / "suite"


@pytest.fixture
def sandbox(tenant):
    """An account whose vendor has one avatar, and none of the suite's."""
    tenant.overlay({"avatars": {**dict.fromkeys(tenant.tables["avatars"]), OWN: tenant.tables["avatars"][AVATAR]}})
    return tenant


@pytest.fixture
def record(mock, sandbox, tmp_path):
    """Record cases from that vendor, in a process of its own."""

    async def recorded(*arguments):
        folder = tmp_path / "anam" / "real"
        upstream = (f"--cassettes={folder}", f"--record-upstream={mock.base_url('anam')}", "--record-key-env=REAL_KEY")
        process = await asyncio.create_subprocess_exec(
            *command(*arguments, *RECORD, *upstream),
            cwd=ROOT,
            env={**os.environ, **PATIENCE, "REAL_KEY": sandbox.api_key},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode, output.decode(), folder

    return recorded


def started(tenant):
    """Return how often each status was answered to a start."""
    return Counter(entry.status for entry in tenant.journal.calls("startSession"))


def read(folder):
    return {found.name: found.interactions for found in read_recording(folder, Contract.load("anam")).cassettes}


def passed(output):
    return int(re.search(r"(\d+) pass\b", output)[1])


# from a vendor with other avatars


async def test_without_the_account_s_avatar_no_start_is_accepted(record, sandbox):
    code, output, folder = await record(*FILES, "--record-paid")
    assert code == 1, output
    assert set(started(sandbox)) == {400, 404}
    assert "sent was the suite's own avatar_id, which is invented: give yours with --record-option avatar_id=VALUE" in output
    assert "request.Request.model-is-sent.yaml" not in read(folder)
    assert b"replaced" not in (folder / NAME).read_bytes()


async def test_with_it_the_recording_is_the_suite_s_without_the_account_s_id(record, sandbox):
    code, output, folder = await record("suites/anam", "--record-paid", OPTION, "-rs")
    assert code == 6, output
    assert " fail" not in output
    assert _why_not(output) == WHY_NOT
    assert passed(output) - len(read(folder)) == 1, "that of a refused connection, which was sent elsewhere"
    statuses = started(sandbox)
    assert statuses[200] > statuses[400] > statuses[404] == 1
    assert all(session.reason is not None for session in sandbox.sessions.values())
    assert "replaced: avatar_id" in output
    assert "which is invented" not in output
    header = json.loads((folder / NAME).read_bytes())
    assert header["replaced"] == {"avatar_id": STAND_IN}
    everything = b"".join(str(path).encode() + path.read_bytes() for path in folder.iterdir())
    assert OWN.encode() not in everything.lower()
    _same_as_the_suites(folder)
    await _agrees_with_the_mock(folder)
    code, output = run(*FILES, *MODE, f"--cassettes={folder}", "--allow-incomplete", **PATIENCE)
    assert code == 0, output
    assert passed(output) == sum(name.startswith(("request.", "size.", "configuration.")) for name in read(folder))


def _why_not(output):
    """Return why cases were not recorded; every case that needs what no vendor has says so."""
    return set(re.findall(r"^SKIPPED \[\d+\] \S+ not verified: (.*)$", output, re.MULTILINE))


def _same_as_the_suites(folder):
    """Compare with the recording that was made with the suite's own avatar: the same but for what stands for the avatar."""
    mine, suites = read(folder), read(SUITE)
    asked = {found.name for found in read_recording(SUITE, Contract.load("anam")).cassettes if found.asked}
    asked.add("request.Request.both-statuses-of-success.200.yaml")  # for what it does anyway
    assert set(suites) - set(mine) == asked, "what only a mock can be asked for"
    back = Exchange({STAND_IN: AVATAR})
    for name, interactions in mine.items():
        assert len(interactions) == len(suites[name]), name
        for one, other in zip(map(back.interaction, interactions), suites[name], strict=True):
            assert differences(other.sent, one.sent) == [], name
            assert one.answer.status == other.answer.status
            assert alike(one.answer.body.decode()) == alike(other.answer.body.decode())


async def _agrees_with_the_mock(folder):
    """Let drift play it, which takes the avatar for a stranger's: the mock's table says nothing about one of an account."""
    avatars = [json.loads(one.sent.body)["personaConfig"]["avatarId"] for found in read(folder).values() for one in found]
    assert set(avatars) == {STAND_IN, ANAM.unknown_avatar["avatar_id"]}
    words = (ROOT / ".venv/bin/mockvendors", "drift", "anam", folder)
    drift = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    told, _ = await drift.communicate()
    assert drift.returncode == 0, told.decode()
    assert f"{len(avatars)} agree, 0 differ" in told.decode()


async def test_what_would_be_paid_is_kept_back_with_an_avatar_that_only_the_vendor_knows(record, sandbox):
    cases = ("suites/anam/test_request.py", "-k", "test_model_is_sent or test_unknown_avatar or test_bad_notes or wrong_key")
    code, output, folder = await record(*cases, OPTION)
    assert code == 6, output
    assert "not recorded: it would start a paid session: --record-paid lets it" in output
    assert len(sandbox.sessions) == 0
    assert set(started(sandbox)) == {400, 404}
    assert "request.Request.unknown-avatar.yaml" in read(folder)
    assert OWN.encode() not in b"".join(path.read_bytes() for path in folder.iterdir())


# replay


async def test_plugin_that_sends_another_avatar_is_failed(record, tmp_path):
    _, output, recording = await record("suites/anam/test_request.py", "-k", "test_model_is_sent", "--record-paid", OPTION)
    assert "1 pass" in output, output
    wrong = """
        from reference import *
        from reference import AvatarSession as Right

        class AvatarSession(Right):
            async def request(self, body):
                body = {**body, "personaConfig": {**body["personaConfig"], "avatarId": "6c1f0d3e-5b0a-4c58-9d1e-000000000002"}}
                return await super().request(body)
        """
    case = ("suites/anam/test_request.py", "-k", "test_model_is_sent", *MODE, f"--cassettes={recording}")
    code, output = run(*case, "--implementation=agents:mutants/anam/reference.py")
    assert code == 0, output
    code, output = run(*case, implementation(tmp_path, wrong))
    assert code == 1, output
    assert f'differs:   /personaConfig/avatarId: recorded "{AVATAR}", sent "6c1f0d3e-5b0a-4c58-9d1e-000000000002"' in output


@pytest.mark.parametrize("replaced", [{"voice_id": STAND_IN}, {"avatar_id": "cara-4"}])
def test_header_that_does_not_fit_the_suite_is_refused(contract, tmp_path, replaced):
    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "real", options={"avatar_id": OWN})
    recorder.begin("request.Request.one")
    recorder.save()()
    path = recorder.folder / NAME
    path.write_bytes(msgspec.structs.replace(Header.loads(path.read_bytes(), NAME), replaced=replaced).dumps())
    with pytest.raises(UsageFault) as fault:
        choose(Options(cassettes=recorder.folder)).begin([ANAM])
    (name,) = replaced
    assert str(fault.value).startswith(f"{path}: says of the option '{name}' what does not fit the suite of anam")


# what is given


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((FILES[0], OPTION), "--record-option means nothing with --vendor-mode mock. Add --vendor-mode record"),
        (("tests/test_arrows.py", OPTION), "--record-option means nothing with --vendor-mode mock. Add --vendor-mode record"),
        ((FILES[0], *MODE, OPTION), "--record-option means nothing with --vendor-mode cassette. Add --vendor-mode record"),
        ((FILES[0], *RECORD, OPTION), "--record-option means nothing for the mock of the run. Add --record-upstream URL"),
        ((FILES[0], *VENDOR, "--record-option=avatar_id"), "--record-option, the 1. one, is no NAME=VALUE. Write it as"),
        (
            (FILES[0], *VENDOR, "--cassettes=new/anam/real", f"--record-option=voice_id={OWN}"),
            "--record-option voice_id: the suite of anam sends no such value",
        ),
    ],
)
def test_refusal_is_one_line(arguments, told):
    """Also in a run without any case."""
    code, output = run(*arguments, REAL_KEY="a-key-of-nobody")
    assert code == 4, output
    assert output.count(f"ERROR: {told}") == 1, output
    assert OWN not in output
    assert "Traceback" not in output


NO_ID = "--record-option avatar_id: the value is public, a token or a stand-in, and no id of an account's own. Give an id"
GIVEN = {
    (f"voice_id={OWN}",): "--record-option voice_id: the suite of anam sends no such value of an account. Known: avatar_id",
    ("avatar_id=",): "--record-option avatar_id has an empty value. Write it as --record-option avatar_id=",
    ("avatar_id= ",): "--record-option avatar_id has an empty value. Write it as --record-option avatar_id=",
    (OWN,): "--record-option, the 1. one, is no NAME=VALUE. Write it as --record-option avatar_id=",
    (f"={OWN}",): "--record-option, the 1. one, is no NAME=VALUE. Write it as --record-option avatar_id=",
    ("avatar_id=x1",): "--record-option avatar_id: the value has fewer than 6 characters. Give the whole id",
    (f"avatar_id={AVATAR}",): NO_ID,
    (f"avatar_id={STAND_IN}",): NO_ID,
    ("avatar_id=a-1234", "avatar_id=a-1234"): "--record-option avatar_id is given twice. Give one value for each name",
}


@pytest.mark.parametrize(("given", "told"), GIVEN.items(), ids=str)
def test_value_that_is_none_is_refused(given, told):
    with pytest.raises(UsageFault) as fault:
        own_options(given, [ANAM])
    assert str(fault.value).startswith(told)
    assert OWN not in str(fault.value)


def test_suite_without_such_values_says_so():
    with pytest.raises(UsageFault, match=r"sends no such value of an account\. The suite sends nothing that belongs"):
        own_options([f"avatar_id={OWN}"], [replace(ANAM, of_account=())])


# the parts


@pytest.mark.parametrize("value", [OWN, "MyAvatar_77x", "av/é 77x"])
def test_value_stands_nowhere_in_what_is_written(contract, tmp_path, value):
    recorder = Recorder(
        contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "mine", secrets=set(), options={"avatar_id": value}
    )
    told = f"Avatar with id {value.upper()} does not exist, said `{value}`"
    body = {"personaConfig": {"avatarId": value, "name": value}, "unknown": {"text": f"my {value}"}}
    recorder.add("one", exchange(body, {"error": "Not found", "message": told}, status=404, answered=[("Server", value)]))
    recorder.add("one", exchange({"personaConfig": {"avatarId": "ffffffff-0000-4000-8000-00000000000f"}}, {"id": value}))
    recorder.save()()
    recorder.finish()
    recording = read_recording(recorder.folder, contract)
    stand_in = recording.header.stand_ins["avatar_id"]
    first, second = recording.cassettes[0].interactions
    assert first.sent.json()["personaConfig"]["avatarId"] == second.answer.json()["id"] == stand_in
    assert second.sent.json()["personaConfig"]["avatarId"] != stand_in
    text = "".join(path.read_text() for path in recorder.folder.iterdir()).casefold()
    assert value.casefold() not in text
    assert "77x" not in text


def test_exchange_finds_a_value_however_it_is_written():
    known = Exchange({OWN: AVATAR, "a b/ü": "<id:1>"})
    escaped = OWN.replace("9", "\\u0039", 1).encode()
    assert json.loads(known.body(b'{"a": ["' + escaped + b'", "x a B/\xc3\x9c"], "n": 1.0}')) == {
        "a": [AVATAR, "x <id:1>"],
        "n": 1.0,
    }
    assert known.target(f"/v1/avatars/{OWN.upper()}?q=a%20b%2F%c3%bc") == f"/v1/avatars/{AVATAR}?q=%3Cid%3A1%3E"
    for untouched in (b"", b'{"a":  1, "a": 2}'):
        assert known.body(untouched) == untouched
    with pytest.raises(NotJson):
        known.body(b"\x1f\x8b")
    assert Exchange({}).body(b"no JSON") == b"no JSON"
    assert Exchange({}).text(OWN) == OWN


def test_exchange_leaves_what_is_no_json_but_for_the_value():
    known = Exchange({OWN: AVATAR})
    one = Interaction(Sent("POST", f"https://vendor.invalid/{OWN}", (), b"\xff" + OWN.encode()), Answer(200, body=OWN.encode()))
    other = known.interaction(one)
    assert (other.sent.path, other.sent.body, other.answer.body) == (f"/{AVATAR}", b"\xff" + AVATAR.encode(), AVATAR.encode())
