"""`mockvendors drift` as a person runs it, on what `mockvendors record` wrote."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from mockvendors import limits, paths
from mockvendors.cassettes.header import Header
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.contract import Contract
from mockvendors.drift.states import States
from mockvendors.errors import UsageFault
from mockvendors.server import MockServer
from tests.cassettes.conftest import ADDRESS, fixed, until
from tests.cassettes.deviating import PLANTS, deviating, talk
from tests.cassettes.test_command import PROGRAM, launch
from tests.cassettes.test_drift_states import call, error, start

CONTRACT = paths.contracts() / "anam" / "contract.yaml"
ROOT = Path("fixtures", "cassettes", "anam")


def drift(folder, *arguments, **environment):
    command = [PROGRAM, "drift", "anam", *map(str, arguments)]
    env = {**os.environ, "COLUMNS": "200", **environment}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=env)


def refused(run, words):
    assert (run.returncode, run.stdout) == (4, ""), run.stdout + run.stderr
    assert words in run.stderr
    assert (len(run.stderr.splitlines()), run.stderr[:13]) == (1, "mockvendors: ")


@pytest.fixture
def write(tmp_path, contract):
    """Write a recording of these exchanges into a project's folder."""

    def make(*exchanges, name="mine"):
        recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / ROOT / name, "client 1", secrets=set())
        for one in exchanges:
            recorder.add("exchanges", one)
        recorder.save()()
        recorder.finish()
        return recorder.folder

    return make


def dated(folder, day):
    """Let a recording be of another day, as one is that has lain there."""
    header = Header.loads((folder / "header.json").read_bytes(), "header.json")
    fields = {name: getattr(header, name) for name in header.__struct_fields__}
    (folder / "header.json").write_bytes(Header(**{**fields, "recorded": f"{day}T10:00:00Z"}).dumps())


async def record(folder, upstream, name, key, http):
    """Record for real: the command before a vendor, ordinary requests through it, Ctrl-C."""
    own = folder / f"run-{name}"
    own.mkdir()
    process = launch(own, ["anam", "--upstream", upstream, "--name", name, "--directory", folder / ROOT.parent], {})
    try:
        await until(lambda: "Ctrl-C" in (own / "err").read_text(), limits.scaled(60))
        await talk(http, (own / "out").read_text().strip().partition("=")[2], key)
        process.send_signal(signal.SIGINT)
        await until(lambda: process.poll() is not None, limits.scaled(60))
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    assert process.returncode == 0


async def recorded(tmp_path, name, plants, http):
    async with MockServer([deviating(tmp_path / f"vendor-{name}", plants)]) as vendor:
        tenant = vendor.new_tenant("anam")
        tenant.set("avatars", "none")
        await record(tmp_path, vendor.base_url("anam"), name, tenant.api_key, http)


async def test_recorded_from_a_deviating_vendor_and_from_the_mock(tmp_path, http):
    await recorded(tmp_path, "deviating", PLANTS, http)
    await recorded(tmp_path, "same", (), http)
    text = CONTRACT.read_bytes()

    same = drift(tmp_path, "same")
    assert (same.returncode, same.stderr) == (0, "")
    assert "recorded from a mock: no evidence" in same.stdout
    assert "22 requests: 22 agree, 0 differ, 0 not compared\nno drift\n" in same.stdout

    run = drift(tmp_path, "--json")
    assert (run.returncode, run.stderr) == (1, "")
    report = json.loads(run.stdout)
    found = sorted((finding["what"], finding["change"][0]["id"]) for finding in report["findings"])
    assert found == sorted(plant.finding for plant in PLANTS)
    assert {place.partition("/")[0] for finding in report["findings"] for place in finding["places"]} == {"deviating"}
    assert (report["confirmed"], {one["is_evidence"] for one in report["recordings"]}) == ([], {False})

    told = drift(tmp_path, "deviating")
    assert (told.returncode, told.stderr) == (1, "")
    assert told.stdout.endswith("22 requests: 9 agree, 13 differ, 0 not compared\n10 findings\n")
    for plant in PLANTS:
        assert plant.finding[1] in told.stdout

    refused(drift(tmp_path, "--update-evidence"), "All 2 were recorded from a mock: no evidence about the vendor")
    assert CONTRACT.read_bytes() == text


async def test_another_contract_is_held_against_the_recording(tmp_path, http):
    """What is drift against our contract is none against the vendor's own, as after a correction."""
    half = [plant for plant in PLANTS if not plant.replies and not plant.errors]
    await recorded(tmp_path, "deviating", half, http)
    assert drift(tmp_path).returncode == 1
    run = drift(tmp_path, "--contract", "vendor-deviating/anam/contract.yaml")
    assert (run.returncode, "no drift" in run.stdout) == (0, True), run.stdout


def test_what_is_not_compared_is_told_with_its_reason(tmp_path, write):
    write(start(), call("GET", "avatars", error("Oops"), 502))
    run = drift(tmp_path)
    assert run.returncode == 0
    assert "mine/exchanges.yaml #2 listAvatars: 502: the service failed" in run.stdout
    assert "2 requests: 1 agree, 0 differ, 1 not compared" in run.stdout


def test_many_that_are_not_compared_for_one_reason_are_one_line(tmp_path, write):
    write(start(), *[call("GET", "avatars", error("Oops"), 502)] * 5, call("GET", "avatars", error("Oops"), 503))
    short, long = drift(tmp_path), drift(tmp_path, "--verbose")
    assert "mine/exchanges.yaml #2 listAvatars and 4 more (--verbose): 502: the service failed" in short.stdout
    assert "mine/exchanges.yaml #7 listAvatars: 503: the service failed" in short.stdout
    assert "mine/exchanges.yaml #2 #3 #4 #5 #6 listAvatars: 502: the service failed" in long.stdout
    assert len(json.loads(drift(tmp_path, "--json").stdout)["recordings"][0]["not_compared"]) == 6


def test_a_folder_without_a_header_is_no_whole_recording(tmp_path, write):
    (write(start()) / "header.json").unlink()
    refused(drift(tmp_path, "mine"), "fixtures/cassettes/anam/mine has no header.json, and is no whole recording")


def test_when_nothing_was_compared_it_ends_with_5(tmp_path, write):
    write(call("GET", "avatars", error("Oops"), 502))
    assert drift(tmp_path).returncode == 5


def test_without_recordings_it_ends_with_5(tmp_path):
    run = drift(tmp_path)
    assert (run.returncode, run.stdout) == (5, "")
    assert run.stderr == "No recordings in fixtures/cassettes/anam. mockvendors record anam makes one.\n"


def test_an_old_recording_fails_only_where_an_age_is_asked_for(tmp_path, write):
    write(start(), name="young")
    dated(write(start(), name="old"), "2020-01-31")
    run = drift(tmp_path)
    assert run.returncode == 0
    assert "2020-01-31" in run.stdout
    old = drift(tmp_path, "--max-age", 30)
    assert (old.returncode, old.stdout.splitlines()[-1]) == (1, "no drift; too old: old")
    report = json.loads(drift(tmp_path, "--max-age", 30, "--json").stdout)
    assert [(one["name"], one["too_old"], one["age_days"] > 2000) for one in report["recordings"]] == [
        ("old", True, True),
        ("young", False, False),
    ]
    assert drift(tmp_path, "young", "--max-age", 30).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], "There is no recording 'nothing' in fixtures/cassettes/anam. There is: mine"),
        (["n" * 300], f"There is no recording '{'n' * 60}…' in fixtures/cassettes/anam. There is: mine"),
        (["--max-age", "inf"], "--max-age inf is no number of days. Give one from 0 to 100000, for example 90"),
        (["--max-age=-1"], "--max-age -1.0 is no number of days. Give one from 0 to 100000, for example 90"),
        (
            ["--contract", "none/anam/contract.yaml"],
            "There is no file none/anam/contract.yaml. --contract names a contract: FOLDER/anam/contract.yaml",
        ),
        (["--contract", CONTRACT.parent.parent / "core" / "rules.yaml"], "missing required field"),
        (["mine", "--update-evidence"], "It was recorded from a mock: no evidence about the vendor, nothing was changed"),
    ],
)
def test_wrong_input_is_one_line(tmp_path, write, arguments, words):
    write(start())
    refused(drift(tmp_path, *arguments), words)


def test_a_contract_of_another_vendor_is_refused(tmp_path, write):
    write(start())
    other = tmp_path / "acme" / "contract.yaml"
    other.parent.mkdir()
    shutil.copy(CONTRACT, other)
    refused(drift(tmp_path, "--contract", other), "is the contract of acme, not of anam")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    anam.session.no-plan: {account", "    anam.session.no-plans: {account", "anam.session.no-plans is no rule"),
        ("{account: no_plan}", "{acount: no_plan}", "anam.session.no-plan needs the unknown setting acount"),
        ("{account: no_plan}", "{account: poor}", "Setting account cannot be 'poor'"),
        ("passing: [anam.session.running]", "passing: [anam.size.pair]", "anam.size.pair is passing, and no refusal"),
        ("      table: avatars\n", "      table: avatars\n      row: 1\n", "unknown field `row`"),
        ("      table: avatars\n", "      table: personas\n", "is like a row that x-tables.personas does not have"),
    ],
)
def test_broken_states_of_a_contract_are_one_line(tmp_path, old, new, words):
    file = tmp_path / "anam" / "contract.yaml"
    file.parent.mkdir()
    shutil.copy(CONTRACT, file)
    fixed(file, old.encode(), new.encode())
    with pytest.raises(UsageFault) as fault:
        States.of(Contract.load(file))
    assert words in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_a_recording_that_was_cut_or_edited_is_one_line(tmp_path, write):
    folder = write(start())
    whole = (folder / "exchanges.yaml").read_bytes()
    (folder / "exchanges.yaml").write_bytes(whole[:-30])
    refused(drift(tmp_path), "mine/exchanges.yaml: cut")
    (folder / "exchanges.yaml").write_bytes(whole.replace(b"POST", b"GETT"))
    refused(drift(tmp_path), "mine/exchanges.yaml: edited")


def test_evidence_is_written_and_told(tmp_path):
    file = tmp_path / "mine" / "anam" / "contract.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(CONTRACT.read_text().replace("https://api.anam.ai", "https://vendor.example"))
    recorder = Recorder(Contract.load(file), Upstream.parse("https://vendor.example"), tmp_path / ROOT / "real", secrets=set())
    recorder.add("exchanges", start(avatarModel="cara-4"))
    recorder.save()()
    recorder.finish()
    run = drift(tmp_path, "--contract", file, "--update-evidence")
    assert run.returncode == 0, run.stderr
    assert "https://vendor.example" in run.stdout
    assert "anam.field.SessionReply.sessionId: client -> recorded (real)" in run.stdout
    assert {item.id: item.level for item in Contract.load(file).evidence}["anam.field.SessionReply.sessionId"] == "recorded"
    assert json.loads(drift(tmp_path, "--contract", file, "--json").stdout)["confirmed"][0]["level"] == "recorded"


def test_help_teaches():
    run = subprocess.run([PROGRAM, "drift", "--help"], capture_output=True, text=True, check=False)
    assert run.returncode == 0
    assert "mockvendors drift anam first-steps --max-age 90" in run.stdout
    assert "Exit codes:" in run.stdout


@pytest.mark.parametrize(("old", "new"), [("anam.size.pair", "anam.size.pair2"), ("  plans:", "  planes:")])
def test_a_contract_without_what_the_mock_needs_is_one_line(tmp_path, write, old, new):
    write(start())
    file = tmp_path / "mine" / "anam" / "contract.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(CONTRACT.read_text().replace(old, new))
    refused(drift(tmp_path, "--contract", file), " is missing, which the mock of anam needs. Give it back the name that it had")
