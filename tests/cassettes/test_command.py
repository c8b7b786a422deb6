"""`mockvendors record` as a person runs it: what it prints where, what it refuses, how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from mockvendors import limits
from mockvendors.cassettes.recording import find_recordings, read_recording
from tests.cassettes.conftest import AVATAR, SESSION, until

PROGRAM = Path(sys.executable).with_name("mockvendors")
NOWHERE = "http://127.0.0.1:9"
KEY = "sk-CANARYkey0123456789"


@dataclass
class Running:
    """A running `mockvendors record`."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def out(self):
        return (self.folder / "out").read_text()

    @property
    def err(self):
        return (self.folder / "err").read_text()

    @property
    def recordings(self):
        return find_recordings("anam", self.folder / "fixtures" / "cassettes")

    async def ready(self):
        await until(lambda: "Ctrl-C" in self.err or self.process.poll() is not None, limits.scaled(60))
        return self

    async def end(self, number):
        self.process.send_signal(number)
        await until(lambda: self.process.poll() is not None, limits.scaled(60))
        return self.process.returncode


def launch(folder, arguments, env):
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        return subprocess.Popen([PROGRAM, "record", *arguments], cwd=folder, env={**os.environ, **env}, stdout=out, stderr=err)


@pytest.fixture
async def command(tmp_path):
    started: list[Running] = []

    async def start(*arguments, **env):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        process = launch(folder, arguments, env)
        started.append(Running(folder, process))
        return await started[-1].ready()

    yield start
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


async def start_session(url, http):
    body = {"personaConfig": {"avatarId": AVATAR, "name": "CANARY Persona"}}
    async with http.post(f"{url}{SESSION}?token=CANARY", json=body, headers={"Authorization": f"Bearer {KEY}"}) as reply:
        return reply.status


@pytest.fixture
def upstream(mock):
    mock.new_tenant("anam", KEY).set("avatars", "none")
    return mock.base_url("anam")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_exported_line_is_all_of_standard_output_and_a_signal_writes(command, upstream, http, contract, number):
    running = await command("anam", "--upstream", upstream, "--implementation", "client 1", ANAM_API_KEY=KEY)
    name, _, url = running.out.strip().removeprefix("export ").partition("=")
    assert (name, running.out.count("\n")) == ("ANAM_API_URL", 1)
    assert await start_session(url, http) == 200
    assert await running.end(number) == 0
    (folder,) = running.recordings
    recording = read_recording(folder, contract)
    assert (recording.header.implementation, recording.header.against, len(list(recording.placed()))) == ("client 1", "mock", 1)
    assert "POST /v1/engine/session?token=<token:1> 200  recorded as 1" in running.err
    assert "1 interaction, recorded against a mock: no evidence about the vendor" in running.err
    everything = [running.out, running.err, *(file.read_text() for file in folder.iterdir())]
    assert not [text for text in everything if "canary" in text.lower()]


async def test_a_killed_one_leaves_what_was_answered(command, upstream, http, contract):
    running = await command("anam", "--upstream", upstream, "--name", "mine")
    assert await start_session(running.out.strip().partition("=")[2], http) == 200
    await until(lambda: running.recordings and (running.recordings[0] / "header.json").exists())
    assert await running.end(signal.SIGKILL) == -signal.SIGKILL
    assert len(list(read_recording(running.recordings[0], contract).placed())) == 1


async def test_without_a_request_nothing_is_written(command):
    running = await command("anam", "--upstream", NOWHERE)
    assert await running.end(signal.SIGINT) == 5
    assert "Nothing was recorded" in running.err
    assert "Traceback" not in running.err
    assert not (running.folder / "fixtures").exists()


async def test_json_is_one_object_and_nothing_else(command):
    running = await command("anam", "--upstream", NOWHERE, "--json", "--name", "mine", "--directory", "here")
    told = json.loads(running.out)
    assert told["environment"] == {"ANAM_API_URL": told["url"]}
    assert (told["vendor"], told["upstream"], told["recording"]) == ("anam", "http://127.0.0.1", "here/anam/mine")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["acme", "--upstream", NOWHERE], "Known vendors: anam"),
        (["anam", "--upstream", "http://user:CANARY@127.0.0.1"], "user info"),
        (["anam", "--upstream", "http://127.0.0.1/?key=CANARY"], "a query"),
        (["anam", "--upstream", "127.0.0.1"], "not an http or https URL"),
        (["anam", "--upstream", NOWHERE, "--name", "../x"], "cannot be the name of a recording"),
        (["anam", "--upstream", NOWHERE, "--name", "taken"], "is there already"),
        (["anam", "--upstream", NOWHERE, "--name", ""], "'' cannot be the name of a recording"),
        (["anam", "--upstream", NOWHERE, "--port", "99999"], "less than or equal to 65535"),
        (["anam", "--upstream", NOWHERE, "--port", "-1"], "greater than or equal to 0"),
        (["anam", "--upstream", NOWHERE, "--implementation", "sk-CANARY0123456789"], "label of the implementation holds"),
        (["anam"], "--upstream"),
    ],
)
def test_wrong_input_ends_with_4_and_repeats_no_secret(tmp_path, arguments, words):
    (tmp_path / "fixtures" / "cassettes" / "anam" / "taken").mkdir(parents=True)
    run = subprocess.run([PROGRAM, "record", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 4, run.stderr
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert "CANARY" not in run.stderr + run.stdout
    assert [path.name for path in tmp_path.rglob("*") if not path.is_dir()] == []
    assert [path.name for path in (tmp_path / "fixtures" / "cassettes" / "anam").iterdir()] == ["taken"]


def test_a_folder_that_cannot_be_made_ends_with_7(tmp_path):
    (tmp_path / "file").touch()
    command = [PROGRAM, "record", "anam", "--upstream", NOWHERE, "--directory", "file"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (7, "")
    assert "cannot be made: Not a directory. Name another place with --directory" in run.stderr
    assert len(run.stderr.splitlines()) == 1


async def test_two_recorders_never_share_a_folder(command, tmp_path):
    """Named or not; the second is refused, or has a name of its own, before a request that it could lose."""
    place = ("--directory", str(tmp_path / "shared"))
    first = await command("anam", "--upstream", NOWHERE, "--name", "same", *place)
    second = await command("anam", "--upstream", NOWHERE, "--name", "same", *place)
    assert second.process.wait() == 4
    assert "same is there already" in second.err
    assert await first.end(signal.SIGINT) == 5
    assert not (tmp_path / "shared").exists()


def test_a_port_in_use_ends_with_7_and_names_it(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        command = [PROGRAM, "record", "anam", "--upstream", NOWHERE, "--port", port]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (7, "")
    assert run.stderr.startswith(f"mockvendors: 127.0.0.1:{port} cannot be had")
    assert len(run.stderr.splitlines()) == 1
