"""A LiveKit of our own: alone on its ports, gone with us, and clear about its own troubles."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.room import health, process
from mockvendors.room.config import Start, new_start
from mockvendors.room.process import running_binary

OWNER = """
import sys
from pathlib import Path
from mockvendors.room.process import running_binary
with running_binary(Path(sys.argv[1]), "path") as livekit:
    print(livekit.url, flush=True)
    sys.stdin.read()
"""


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def await_end(running: list[psutil.Process]) -> None:
    """Wait until all are gone, and end who is not: a failure must not leave what it is about."""
    _, left = psutil.wait_procs(running, limits.scaled(limits.LIVEKIT_STOP))
    alive = [one for one in left if one.status() != psutil.STATUS_ZOMBIE]
    for one in alive:
        one.kill()
    assert alive == []


def port(url: str) -> int:
    return int(url.rsplit(":", 1)[1])


def is_open(number: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", number)) == 0


def script(folder: Path, text: str) -> Path:
    file = folder / "livekit-server"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_two_at_once_do_not_meet_and_leave_nothing(livekit_binary, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = children()
    with running_binary(livekit_binary, "path") as one, running_binary(livekit_binary, "path") as two:
        assert len({one.url, two.url, one.api_key, two.api_key, one.api_secret, two.api_secret}) == 6
        assert is_open(port(one.url))
        assert is_open(port(two.url))
        assert list(tmp_path.iterdir()) == []
    assert children() == before
    assert not is_open(port(one.url))
    assert not is_open(port(two.url))


def test_it_listens_on_loopback_only_and_shows_no_secret(livekit_binary):
    before = children()
    with running_binary(livekit_binary, "path") as livekit:
        (server,) = [psutil.Process(pid) for pid in children() - before]
        opened = server.net_connections(kind="inet")
        assert {socket.laddr.ip for socket in opened} == {"127.0.0.1"}
        assert livekit.api_secret not in " ".join(server.cmdline())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_killed_owner_takes_its_server_and_its_files_with_it(livekit_binary, tmp_path):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(livekit_binary)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    url = owner.stdout.readline().strip()
    running = psutil.Process(owner.pid).children(recursive=True)
    assert running
    assert is_open(port(url))
    owner.kill()
    owner.communicate()
    await_end(running)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_the_server_too(livekit_binary):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(livekit_binary)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = owner.stdout.readline().strip()
    running = psutil.Process(owner.pid).children(recursive=True)
    owner.send_signal(signal.SIGINT)
    owner.communicate(timeout=limits.scaled(limits.LIVEKIT_STOP))
    await_end(running)
    assert not is_open(port(url))


def test_it_outlives_the_thread_that_started_it(livekit_binary):
    opened = running_binary(livekit_binary, "path")
    started = []
    thread = threading.Thread(target=lambda: started.append(opened.__enter__()))
    thread.start()
    thread.join()
    (livekit,) = started
    try:
        livekit.check()
        assert is_open(port(livekit.url))
    finally:
        opened.__exit__(None, None, None)
    assert not is_open(port(livekit.url))


@pytest.mark.parametrize("taken", ["http_port", "udp_port"])
def test_a_port_taken_in_between_is_tried_again_elsewhere(livekit_binary, monkeypatch, taken):
    kind = socket.SOCK_DGRAM if taken == "udp_port" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as stranger:
        stranger.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            stranger.listen()
        first = new_start()
        ports = {"http_port": first.http_port, "udp_port": first.udp_port, taken: stranger.getsockname()[1]}
        starts = iter([Start(**ports, tcp_port=0), new_start()])
        monkeypatch.setattr(process, "new_start", lambda: next(starts))
        monkeypatch.setattr(limits, "LIVEKIT_ASK", 0.2)  # the stranger takes the connection and never answers
        with running_binary(livekit_binary, "path") as livekit:
            assert port(livekit.url) != ports["http_port"]
        assert next(starts, None) is None


def test_a_stranger_that_answers_on_our_port_is_not_adopted(livekit_binary, livekit, monkeypatch):
    """The stranger is a LiveKit as well, with another key."""
    starts = iter([Start(port(livekit.url), new_start().udp_port, 0), new_start()])
    monkeypatch.setattr(process, "new_start", lambda: next(starts))
    with running_binary(livekit_binary, "path") as ours:
        assert ours.url != livekit.url
    livekit.check()


def test_a_stranger_that_says_yes_to_everybody_is_not_adopted(livekit_binary, monkeypatch):
    class Yes(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    stranger = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    thread = threading.Thread(target=stranger.serve_forever, args=(0.01,))
    thread.start()
    try:
        starts = iter([Start(stranger.server_port, new_start().udp_port, 0), new_start()])
        monkeypatch.setattr(process, "new_start", lambda: next(starts))
        with running_binary(livekit_binary, "path") as livekit:
            assert port(livekit.url) != stranger.server_port
    finally:
        stranger.shutdown()
        thread.join()
        stranger.server_close()


def test_ports_that_are_always_taken_end_in_a_clear_error(tmp_path):
    binary = script(tmp_path, "echo 'listen udp 127.0.0.1:7: bind: address already in use'; exit 1")
    with pytest.raises(EnvironmentFault, match=f"ports in use {health.TRIES} times"), running_binary(binary, "path"):
        pass


def test_a_binary_that_ends_at_once_is_shown_by_its_last_words(tmp_path):
    binary = script(tmp_path, "echo one; echo 'the last words' >&2; exit 9")
    with pytest.raises(EnvironmentFault) as ended, running_binary(binary, "path"):
        pass
    assert "ended at once with status 9:\n  one\n  the last words" in ended.value.cause
    assert "MOCKVENDORS_LIVEKIT" in ended.value.remedy


def test_a_binary_that_is_no_program_is_named(tmp_path):
    binary = tmp_path / "livekit-server"
    binary.write_bytes(b"\x00\x01")
    binary.chmod(0o755)
    with pytest.raises(EnvironmentFault, match="livekit-server: Exec format error"), running_binary(binary, "path"):
        pass


def test_a_server_that_never_answers_is_given_up_and_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LIVEKIT_START", 0.3)
    before = children()
    binary = script(tmp_path, "echo waiting; exec sleep 600")
    with (
        pytest.raises(EnvironmentFault, match=r"did not answer within 0\.3 s .*\n  waiting"),
        running_binary(binary, "path"),
    ):
        pass
    assert children() == before


def test_a_server_that_dies_in_the_middle_is_reported_with_its_log(livekit_binary):
    before = children()
    with running_binary(livekit_binary, "path") as livekit:
        livekit.check()
        (server,) = children() - before
        os.kill(server, signal.SIGKILL)
        deadline = time.monotonic() + limits.scaled(limits.LIVEKIT_STOP)
        while is_open(port(livekit.url)) or psutil.pid_exists(server):
            assert time.monotonic() < deadline
            time.sleep(limits.LIVEKIT_POLL)
        with pytest.raises(EnvironmentFault, match=r"ended with status -9:(.|\n)*starting LiveKit server"):
            livekit.check()
