"""`--vendor-mode record`: which cases get a cassette, from the mock and from a vendor of its own address."""

import asyncio
import os
from pathlib import Path

import pytest

from mockvendors import paths
from mockvendors.cassettes.header import NAME
from mockvendors.cassettes.origin import Upstream
from mockvendors.cassettes.recorder import Recorder
from mockvendors.cassettes.recording import read_recording
from mockvendors.conformance.vendor_mode_case import cassette_name, is_of_a_case
from mockvendors.conformance.vendor_mode_choice import choose
from mockvendors.contract import Contract
from mockvendors.errors import UsageFault
from suites.anam.traits import ANAM
from tests.conformance.running import ROOT, case, command, implementation, run

from .conftest import ADDRESS, exchange
from .test_replay_suite import MODE, Options

RECORD = ("--vendor-mode", "record")


def read(folder):
    """Return the cassettes of a recording by the function of their case."""
    return {found.name.split(".")[2]: found for found in read_recording(folder, Contract.load("anam")).cassettes}


# from the mock


def test_what_was_passed_and_whole_is_recorded_and_can_be_replayed(tmp_path):
    folder = tmp_path / "anam" / "suite"
    files = ("suites/anam/test_transport.py", "suites/anam/test_configuration.py")
    code, output = run(*files, *RECORD, f"--cassettes={folder}")
    assert code == 0, output
    assert "recorded against a mock: no evidence about the vendor" in output
    found = read(folder)
    assert {"wrong-content-type", "start-waits-for-the-answer", "missing-key", "outside-of-a-job"} <= set(found)
    broken = {"connection-refused", "connection-reset", "recovers-after-a-reset", "cut-answer"}
    assert not broken & set(found), "not every answer came whole"
    assert not {"malformed-answer", "trailing-slash-of-the-address"} & set(found), "it was not passed"
    assert found["missing-key"].interactions == ()
    assert found["start-waits-for-the-answer"].asked.startswith("delay:")
    code, output = run(*files, *MODE, f"--cassettes={folder}", "--allow-incomplete")
    assert code == 0, output
    assert f"{len(list(folder.glob('*.yaml')))} pass" in output


def test_of_a_wrong_plugin_nothing_is_recorded(tmp_path):
    folder = tmp_path / "anam" / "suite"
    options = ("--implementation=agents:mutants/anam/model_not_sent.py", "--rule=anam.body.model", f"--cassettes={folder}")
    code, output = run("suites/anam/test_request.py", *RECORD, *options)
    assert code == 1, output
    assert not folder.exists()


def test_case_with_what_looks_like_a_secret_is_not_written_and_harms_no_other(tmp_path):
    folder = tmp_path / "anam" / "suite"
    ours = case(
        tmp_path,
        """
        async def test_first(self, drive):
            await drive.start()

        @pytest.mark.parametrize("what", ["sk-4Xw8Yt2Qm9Lr7Kp3"])
        async def test_second(self, drive, what):
            await drive.start()

        async def test_third(self, drive):
            await drive.start()
        """,
        head="import pytest\n",
    )
    code, output = run(*ours, *RECORD, f"--cassettes={folder}")
    assert code == 7, output
    assert "name holds a random text; nothing was written" in output
    assert "2 interactions" in output
    assert set(read(folder)) == {"first", "third"}


def test_dropped_cassette_is_not_written(contract, tmp_path):
    recorder = Recorder(contract, Upstream.parse(ADDRESS), tmp_path / "anam" / "suite", secrets=set())
    for name in ("kept", "dropped"):
        recorder.begin(name)
        recorder.add(name, exchange({}, {}))
    recorder.drop("dropped")
    recorder.save()()
    recorder.finish()
    recording = read_recording(recorder.folder, contract)
    assert [found.name for found in recording.cassettes] == ["kept.yaml"]
    assert recording.header.missing == 1


def test_recording_is_never_overwritten(tmp_path):
    folder = tmp_path / "anam" / "suite"
    folder.mkdir(parents=True)
    (folder / NAME).write_text("mine")
    code, output = run("suites/anam/test_request.py", *RECORD, f"--cassettes={folder}")
    assert code == 4, output
    assert f"ERROR: {folder} is there already. Remove it, or choose another name" in output
    assert (folder / NAME).read_text() == "mine"


@pytest.mark.parametrize(
    ("place", "code", "told"),
    [
        ("file/anam/x", 7, "file/anam/x cannot be made: Not a directory. Name another place with --cassettes"),
        ("acme/x", 4, "/acme/x is no folder for a recording of anam, which is <vendor>/<recording>. For example: --cassettes "),
    ],
)
def test_folder_that_cannot_be_is_told_before_the_first_case(tmp_path, place, code, told):
    (tmp_path / "file").touch()
    found, output = run("suites/anam/test_request.py", *RECORD, f"--cassettes={tmp_path}/{place}")
    assert found == code, output
    assert output.count("ERROR: ") == 1
    assert told in output
    assert "Traceback" not in output
    assert " pass" not in output
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_several_processes_write_no_recording(tmp_path):
    code, output = run("suites/anam/test_request.py", *RECORD, f"--cassettes={tmp_path}/anam/suite", "-n1")
    assert code == 4, output
    assert "ERROR: One process writes a recording. Run pytest without -n" in output


def test_nothing_is_written_into_an_installed_package(monkeypatch):
    monkeypatch.setattr(paths, "fixtures", lambda: Path(paths.__file__).with_name("fixtures"))
    with pytest.raises(UsageFault, match="not written into an installed package"):
        choose(Options(vendor_mode="record")).begin([ANAM])


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("test_request.py::TestRequest::test_wrong_key", "request.Request.wrong-key"),
        ("test_size.py::TestSize::test_pair[cara-4-1152x768]", "size.Size.pair.cara.4.1152x768"),
        ("test_size.py::TestSize::test_pair[(0, 768)]", "size.Size.pair.0.768."),
        ("test_size.py::TestSize::test_pair[(-0, 768)]", "size.Size.pair.0.768."),
        (f"test_size.py::TestSize::test_{'long_' * 30}", "size.Size.long-long-long"),
        ("test_size.py::Test::test_pair", "size..pair"),
    ],
)
def test_cassette_is_named_after_its_case(case, name):
    found = cassette_name(case)
    assert found.startswith(name)
    assert len(found) <= 66
    assert is_of_a_case(f"{found}.yaml")
    assert name != "size.Size.pair.0.768." or found != cassette_name("test_size.py::TestSize::test_pair[(0; 768)]")


FAULT = 'vendor.faults.add(Status(503, message="a; b"), operation="startSession")'
TURNED = 'vendor.set("success_status", 201)'
BOTH = f"{FAULT}; {TURNED}"
ASKED = {
    "another": (FAULT, FAULT.replace("503", "500"), "pass", "recorded with status:status=503,"),
    "none": (FAULT, "pass", "pass", "; b,operation=startSession, and asks for nothing now"),
    "other": (FAULT, TURNED, "pass", "and asks for success_status=201 now"),
    "late": (FAULT, FAULT, TURNED, "; success_status=201 now"),
    "new": ("pass", FAULT, "pass", "recorded with nothing asked of the mock, and asks for status:status=503"),
    "less": (BOTH, FAULT, "pass", "; success_status=201, and asks for status"),
    "same": (BOTH, f"{TURNED}; {FAULT}", "pass", None),
    "same, later": (BOTH, FAULT, TURNED, None),
}
"""What a case asked for when it was recorded, what it asks for now before its request and after it, and what is told."""


def test_recording_of_another_fault_is_not_verified(tmp_path):
    def written(*place):
        """Write a case for each, which asks for what stands there."""
        text = ""
        for number, row in enumerate(ASKED.values()):
            before, after = ([*(row[index] for index in place), "pass"])[:2]
            text += f"async def test_{number}(self, drive, vendor):\n    {before}\n    await drive.start()\n    {after}\n\n"
        return case(tmp_path, text, head="from mockvendors.faults.http import Status\n")

    folder = tmp_path / "anam" / "suite"
    code, output = run(*written(0), *RECORD, f"--cassettes={folder}")
    assert code == 0, output
    code, output = run(*written(1, 2), *MODE, f"--cassettes={folder}", "-rs")
    assert code == 6, output
    assert "2 pass · 6 not verified" in output
    lines = [line for line in output.splitlines() if line.startswith("SKIPPED")]
    for told in [row[3] for row in ASKED.values() if row[3]]:
        assert any("not verified: recorded with " in line and told in line for line in lines), (told, output)


# from a vendor


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "--record-upstream needs the vendor's key. Name the variable that holds it: --record-key-env NAME"),
        ({"record_key_env": "NO_SUCH_KEY"}, "The variable NO_SUCH_KEY is not set or is empty. Export the API key in it"),
        ({"record_key_env": "sk-a-key"}, "What --record-key-env names can be no variable, and is not shown. Give a name"),
    ],
)
def test_key_comes_from_a_variable(tmp_path, options, told):
    upstream = {"record_upstream": "http://127.0.0.1:9", "record_paid": False, "cassettes": tmp_path / "anam" / "suite"}
    with pytest.raises(UsageFault) as fault:
        choose(Options(vendor_mode="record", **upstream, **options)).begin([ANAM])
    assert str(fault.value).startswith(told)
    assert not upstream["cassettes"].exists()


@pytest.fixture
def against(mock, tenant, tmp_path):
    """Record cases from a mock of the test's own, which stands for the vendor; a process of its own asks it."""

    async def record(*arguments):
        folder = tmp_path / "anam" / "real"
        words = command(*arguments, *RECORD, f"--cassettes={folder}", f"--record-upstream={mock.base_url('anam')}")
        process = await asyncio.create_subprocess_exec(
            *words,
            "--record-key-env=REAL_KEY",
            cwd=ROOT,
            env={**os.environ, "REAL_KEY": tenant.api_key},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return process.returncode, output.decode(), folder

    return record


CASES = ("suites/anam/test_request.py", "-k", "test_unknown_avatar or test_wrong_key or test_model_is_sent or 201 or negative")


async def test_what_would_be_paid_is_kept_back(against, tenant):
    code, output, folder = await against(*CASES)
    assert code == 6, output
    assert "not recorded: it would start a paid session: --record-paid lets it" in output
    assert "not recorded: a vendor cannot be asked for a fault or a setting" in output
    assert [entry.status for entry in tenant.journal.entries] == [404, 400]
    assert set(read(folder)) == {"unknown-avatar", "wrong-key", "bad-notes-are-refused"}
    assert tenant.api_key not in output
    assert not any(tenant.api_key in path.read_text() for path in folder.iterdir())


async def test_paid_sessions_are_ended(against, tenant):
    code, output, folder = await against(*CASES, "--record-paid")
    assert code == 6, output
    assert len(tenant.sessions) == 1
    assert [session.reason is not None for session in tenant.sessions.values()] == [True]
    assert "model-is-sent" in read(folder)
    assert "may still run" not in output


async def test_token_of_the_vendors_own_starts_nothing(against, tenant):
    """The rehearsing mock refuses a token that it has not given: that says nothing about what the vendor would do."""
    case = ("suites/anam/test_request.py", "-k", "test_token_call_then_engine_call")
    code, output, _ = await against(*case, "--implementation=agents:mutants/anam/reference_two_calls.py")
    assert "it would start a paid session" in output, output
    assert code == 6
    assert [entry.operation for entry in tenant.journal.entries] == ["createSessionToken"]
    assert len(tenant.sessions) == 0


async def test_session_that_cannot_be_ended_is_told(against, tenant):
    tenant.faults.add_text("status:status=503,operation=stopSession")
    _, output, _ = await against("suites/anam/test_request.py", "-k", "test_model_is_sent", "--record-paid")
    (session,) = tenant.sessions
    assert f"the session {session} may still run: end it at the vendor" in output


# other clients


def test_client_of_another_library_is_answered_too(tmp_path):
    other = """
        import asyncio, json, urllib.error, urllib.request
        from reference import *
        from reference import AvatarSession as Right

        class AvatarSession(Right):
            async def request(self, body):
                return await asyncio.to_thread(self.blocking, body)

            def blocking(self, body):
                headers = {**self.headers(), "Content-Type": "application/json"}
                asked = urllib.request.Request(self.address + self.path, json.dumps(body).encode(), headers)
                try:
                    with urllib.request.urlopen(asked) as reply:
                        return reply.status, reply.headers.get_content_type(), reply.read().decode()
                except urllib.error.HTTPError as refusal:
                    return refusal.code, refusal.headers.get_content_type(), refusal.read().decode()
        """
    cases = ("suites/anam/test_request.py", "-k", "test_unknown_avatar or test_model_is_sent")
    code, output = run(*cases, *MODE, implementation(tmp_path, other))
    assert code == 0, output
    assert "2 pass" in output
