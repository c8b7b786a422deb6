"""vcrpy and our files: it plays what we wrote, and it writes what we record in the process."""

import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
import vcr
from aiohttp import web

from mockvendors import limits
from mockvendors.cassettes.recording import read_recording
from mockvendors.cassettes.scan import SecretFound
from mockvendors.cassettes.tape import Tapes
from tests.cassettes.conftest import AVATAR, SESSION, exchange

PLUGINS = ["-p", "mockvendors.pytest_plugin", "-p", "pytest_asyncio.plugin", "-p", "xdist", "-p", "no:cacheprovider"]
OPTIONS = ["-q", *PLUGINS, "--asyncio-mode=auto", "--import-mode=importlib"]


async def test_vcrpy_plays_what_the_proxy_wrote(mock, tenant, record, http):
    recorded = await record(mock.base_url("anam"))
    async with http.get(recorded.url + "/v1/avatars", headers={"Authorization": f"Bearer {tenant.api_key}"}) as reply:
        known = await reply.json()
    async with http.post(recorded.url + SESSION, json={"personaConfig": {}}) as reply:
        assert reply.status == 401
    await recorded.stop()
    await mock.stop()
    with vcr.use_cassette(str(recorded.recorder.folder / "exchanges.yaml"), record_mode="none") as tape:
        async with aiohttp.ClientSession() as session:
            async with session.get("https://vendor.invalid/v1/avatars") as reply:
                played = await reply.json()
            async with session.post("https://vendor.invalid/v1/engine/session", json={"personaConfig": {}}) as reply:
                assert (reply.status, reply.reason, (await reply.json())["error"]) == (401, "Unauthorized", "Unauthorized")
        assert tape.all_played
    assert [avatar["activeVersion"] for avatar in played["data"]] == [avatar["activeVersion"] for avatar in known["data"]]


TEST = f"""
import aiohttp, pytest, urllib.request, urllib.error
from mockvendors.server import MockServer

URL = []

@pytest.fixture
async def mock():
    async with MockServer(["anam"]) as server, MockServer(["anam"]) as other:
        server.other = other
        yield server

@pytest.mark.parametrize("secret", ["sk-CANARY0123456789"])
async def test_start(cassette, mock, secret, caplog):
    caplog.set_level("DEBUG")
    tenant = mock.new_tenant("anam", secret)
    tenant.set("avatars", "none")
    url = mock.base_url("anam")
    cassette.upstream(url)
    headers = {{"Authorization": "Bearer " + secret}}
    async with aiohttp.ClientSession(headers=headers) as session:
        body = {{"personaConfig": {{"avatarId": "{AVATAR}", "name": "CANARY Persona"}}}}
        async with session.post(url + "{SESSION}", json=body) as reply:
            started = (await reply.json())["sessionId"]
        async with session.get(mock.other.base_url("anam") + "/v1/elsewhere") as reply:
            assert reply.status == 404
        async with session.post(url + "/v1/sessions/" + started + "/stop") as reply:
            assert reply.status == 200
    assert "CANARY" not in caplog.text or not cassette.is_recording

async def test_again(cassette, mock):
    cassette.upstream(mock.base_url("anam"))
    async with aiohttp.ClientSession() as session:
        async with session.get(mock.base_url("anam") + "/v1/avatars?x=CANARY") as reply:
            assert reply.status == 401

def test_without_a_request(cassette):
    pass

def test_without_the_fixture():
    pass
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_client.py").write_text(TEST)

    def pytest_run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", *OPTIONS, "test_client.py", *options]
        env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the rest of what is installed here takes seconds to load
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=limits.scaled(120)
        )

    return pytest_run


def test_a_run_of_tests_is_recorded(run, tmp_path, contract):
    done = run("--record-cassettes", "cassettes/anam/mine", "--record-implementation", "client 1", "--log-level=DEBUG")
    assert done.returncode == 0, done.stdout
    assert "3 interactions, recorded against a mock: no evidence about the vendor" in done.stdout
    recording = read_recording(tmp_path / "cassettes" / "anam" / "mine", contract)
    assert [(cassette.name, len(cassette.interactions)) for cassette in recording.cassettes] == [
        ("test_again.yaml", 1),
        ("test_start.yaml", 2),
    ]
    assert (recording.header.implementation, recording.header.against) == ("client 1", "mock")
    started, stopped = recording.cassettes[1].interactions
    assert stopped.sent.path.split("/")[3] == started.answer.json()["sessionId"]
    assert started.sent.header("content-type") == "application/json"
    files = [file for file in (tmp_path / "cassettes").rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if b"canary" in file.read_bytes().lower()]
    assert "CANARY0123456789" not in done.stderr


def test_without_the_option_nothing_is_recorded(run, tmp_path):
    done = run()
    assert done.returncode == 0, done.stdout
    assert "recorded" not in done.stdout
    assert not list(tmp_path.rglob("*.yaml"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--record-cassettes", "cassettes/acme/mine"], "There is no vendor 'acme'"),
        (["--record-cassettes", "here/anam/mine"], "is there already"),
        (["--record-cassettes", "cassettes/anam/mine", "-n", "2"], "Run pytest without -n"),
        (["--record-cassettes", "cassettes/anam/mine", "--record-upstream", "http://u:p@x"], "user info"),
        (
            ["--record-cassettes", "cassettes/anam/mine", "--record-upstream", "x"],
            "not an http or https URL. For example: --record-upstream http",
        ),
        (["--record-upstream", "http://x"], "--record-upstream means nothing with --vendor-mode mock. Add --vendor-mode record"),
        (["--record-key-env", "X"], "--record-key-env means nothing with --vendor-mode mock. Add --vendor-mode record"),
        (["--record-paid"], "--record-paid means nothing with --vendor-mode mock. Add --vendor-mode record"),
        (["--record-paid", "--vendor-mode", "record"], "--record-paid means nothing for the mock of the run. Add --record-up"),
        (["--record-implementation", "x 1"], "--record-implementation means nothing without --record-cassettes"),
        (["--record-upstream", "http://x", "--vendor-mode", "cassette"], "means nothing with --vendor-mode cassette"),
    ],
)
def test_what_cannot_be_recorded_is_refused_before_a_test_runs(run, tmp_path, options, told):
    (tmp_path / "here" / "anam" / "mine").mkdir(parents=True)
    done = run(*options)
    assert done.returncode == 4, done.stdout
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("*.yaml"))


def test_a_folder_that_cannot_be_made_ends_the_run_before_a_test_with_7(run, tmp_path):
    (tmp_path / "file").touch()
    done = run("--record-cassettes", "file/anam/mine")
    assert done.returncode == 7, done.stdout
    assert "file/anam/mine cannot be made: Not a directory. Name another place with --record-cassettes" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "passed" not in done.stdout


GONE = """
import shutil
from pathlib import Path

def test_that_takes_the_folder_away():
    shutil.rmtree("cassettes")
    Path("cassettes").touch()
"""


def test_a_disk_that_refuses_the_end_is_told_in_one_line_with_7(run, tmp_path):
    (tmp_path / "test_gone.py").write_text(GONE)
    done = run("test_gone.py", "--record-cassettes", "cassettes/anam/mine")
    assert done.returncode == 7, done.stdout
    assert "cassettes/anam/mine/header.json cannot be written: Not a directory" in done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_a_second_upstream_is_the_tests_mistake(run, tmp_path):
    done = run("--record-cassettes", "cassettes/anam/mine", "--record-upstream", "https://api.anam.ai")
    assert done.returncode == 1
    assert "A recording has one upstream, and this run names another" in done.stdout
    assert not list(Path(tmp_path, "cassettes").rglob("*.yaml"))


def test_what_is_recorded_inside_of_a_client_is_never_evidence(contract, tmp_path):
    """The TLS is the client's: it may check no certificate, and take any server for the vendor."""
    tapes = Tapes(contract, tmp_path / "anam" / "mine", "client 1", "https://api.anam.ai")
    tapes.write("test_start", [exchange({}, {"sessionId": "x"}, at="https://api.anam.ai", answered=[("Server", "cloudflare")])])
    tapes.finish()
    assert "recorded against a server that only the client's own TLS has proved: no evidence about the vendor" in tapes.summary()
    assert read_recording(tmp_path / "anam" / "mine", contract).header.against == "mock"


NAMES = ["test_plain", "test_grösse", "test_größe", "größe", "日", f"test_{'long_' * 17}", f"test_{'long_' * 18}"]


async def test_names_of_tests_become_names_that_can_be_read(contract, tmp_path, stranger, http):
    stranger.answer = lambda _request: web.json_response({"data": []})
    tapes = Tapes(contract, tmp_path / "anam" / "mine", "client 1", stranger.url)
    for name in NAMES * 3:
        with tapes.tape(name):
            async with http.get(stranger.url + "/v1/avatars") as reply:
                assert reply.status == 200
    tapes.finish()
    names = {found.name for found in read_recording(tmp_path / "anam" / "mine", contract).cassettes}
    assert len(names) == 3 * len(NAMES)
    assert {"test_plain.yaml", "test_plain-2.yaml", "test_plain-3.yaml"} <= names


def test_a_name_that_is_refused_harms_no_other_test(contract, tmp_path):
    tapes = Tapes(contract, tmp_path / "anam" / "mine", "client 1", "http://127.0.0.1:1")
    with pytest.raises(SecretFound):
        tapes.write("sk-4Xw8Yt2Qm9Lr7Kp3", [exchange({}, {})])
    tapes.write("test_start", [exchange({}, {})])
    tapes.finish()
    assert tapes.summary().startswith("1 interaction, 1 not recorded, recorded against a mock")
    assert [found.name for found in read_recording(tmp_path / "anam" / "mine", contract).cassettes] == ["test_start.yaml"]
