"""Which way to a LiveKit server is taken, and what is said when none is open."""

import os
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from mockvendors import limits
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.room import pin
from mockvendors.room.binary import cached
from mockvendors.room.config import new_start
from mockvendors.room.livekit import LiveKit
from mockvendors.room.server import WAYS, livekit_server

pytestmark = pytest.mark.usefixtures("bare")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with nothing: no variable, no program, no cache, no Docker."""
    for name in [name for name in os.environ if name.startswith(("LIVEKIT_", "MOCKVENDORS_LIVEKIT"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-docker.sock")
    return tmp_path


def test_the_cache_is_taken_and_named(livekit_binary, said):
    cached().parent.mkdir(parents=True)
    cached().symlink_to(livekit_binary)
    with livekit_server(said.append) as livekit:
        assert (livekit.source, livekit.version) == ("cache", pin.version())
        assert re.fullmatch(r"ws://127\.0\.0\.1:\d+", livekit.url)
        assert len(livekit.api_secret) >= 32
        livekit.check()
    assert said == [f"LiveKit {pin.version()} at {livekit.url}, taken from: cache"]


def test_path_comes_before_the_cache(bare, livekit_binary, said, monkeypatch):
    (bare / "bin").mkdir()
    (bare / "bin" / "livekit-server").symlink_to(livekit_binary)
    cached().parent.mkdir(parents=True)
    cached().symlink_to(livekit_binary)
    monkeypatch.setenv("PATH", str(bare / "bin"))
    with livekit_server(said.append) as livekit:
        assert livekit.source == "path"
    monkeypatch.setenv("MOCKVENDORS_LIVEKIT", "cache")
    with livekit_server(said.append) as livekit:
        assert livekit.source == "cache"


def test_livekit_url_comes_first(livekit, livekit_binary, said, monkeypatch):
    cached().parent.mkdir(parents=True)
    cached().symlink_to(livekit_binary)
    give(monkeypatch, livekit)
    with livekit_server(said.append) as given:
        assert (given.source, given.url) == ("LIVEKIT_URL", livekit.url)
        given.check()


def test_an_http_address_is_understood(livekit, said, monkeypatch):
    give(monkeypatch, livekit, url=livekit.http_url)
    with livekit_server(said.append) as given:
        assert given.url == livekit.url


@pytest.mark.parametrize("missing", ["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"])
def test_half_of_the_three_variables_names_what_is_missing(livekit, said, monkeypatch, missing):
    give(monkeypatch, livekit)
    monkeypatch.setenv(missing, "")
    with pytest.raises(UsageFault, match=rf"given without {missing}\."), livekit_server(said.append):
        pass


def test_a_wrong_secret_is_told_from_a_wrong_address(livekit, said, monkeypatch):
    give(monkeypatch, livekit, secret="wrong" * 8)
    with pytest.raises(EnvironmentFault, match="refuses LIVEKIT_API_KEY") as refused, livekit_server(said.append):
        pass
    assert "wrong" not in str(refused.value)
    assert "eyJ" not in str(refused.value), "LiveKit repeats the token that it refuses"
    give(monkeypatch, livekit, url="ws://127.0.0.1:1")
    monkeypatch.setattr(limits, "LIVEKIT_GIVEN", 0.0)
    with pytest.raises(EnvironmentFault, match="cannot be reached"), livekit_server(said.append):
        pass


@pytest.mark.parametrize(
    "url", ["127.0.0.1:7880", "ws://", "ws://:7880", "ws://host:port", "ws://host:99999", "ws://[::1", "ws://a b", "ftp://host"]
)
def test_what_is_no_address_is_the_callers_mistake(livekit, said, monkeypatch, url):
    give(monkeypatch, livekit, url=url)
    with pytest.raises(UsageFault, match=r"LIVEKIT_URL is .* no ws:// or wss:// address"), livekit_server(said.append):
        pass


def test_a_given_server_that_is_still_starting_is_waited_for(livekit, said, monkeypatch):
    """It starts only once somebody has said that he waits for it: here a door to the real one."""
    start = new_start()
    give(monkeypatch, livekit, url=start.url)

    def say(line: str) -> None:
        said.append(line)
        if len(said) == 1:
            stack.enter_context(door(start.http_port, int(livekit.url.rsplit(":", 1)[1])))

    with ExitStack() as stack, livekit_server(say) as given:
        assert given.url == start.url
    assert said[0] == f"waiting up to 5 s for the server of LIVEKIT_URL ({start.url})"
    assert len(said) == 2


def test_what_does_not_speak_http_is_a_stranger_and_not_waited_for(livekit, said, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=greet, args=(server,), daemon=True).start()
        give(monkeypatch, livekit, url=f"ws://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(EnvironmentFault, match=r"is no LiveKit server .*not HTTP"), livekit_server(said.append):
            pass
        server.shutdown(socket.SHUT_RDWR)
    assert said == []


def test_nothing_found_is_one_error_with_a_remedy_for_each_way(said):
    with pytest.raises(EnvironmentFault) as nothing, livekit_server(said.append):
        pass
    assert nothing.value.remedy.count("\n  - ") == len(WAYS)
    for words in ("export LIVEKIT_URL", "livekit.io", "docker info", "go.dev", str(cached())):
        assert words in nothing.value.remedy
    assert said == []


@pytest.mark.parametrize("way", WAYS)
def test_a_restriction_allows_one_way_only(said, monkeypatch, way):
    monkeypatch.setenv("MOCKVENDORS_LIVEKIT", way)
    with (
        pytest.raises(EnvironmentFault, match=f"MOCKVENDORS_LIVEKIT={way} allows no other"),
        livekit_server(said.append),
    ):
        pass


def test_livekit_can_be_switched_off(said, monkeypatch):
    monkeypatch.setenv("MOCKVENDORS_LIVEKIT", "none")
    with pytest.raises(EnvironmentFault, match="switched off by MOCKVENDORS_LIVEKIT=none"), livekit_server(said.append):
        pass


def test_an_unknown_restriction_is_the_callers_mistake(said, monkeypatch):
    monkeypatch.setenv("MOCKVENDORS_LIVEKIT", "dokcer")
    with pytest.raises(UsageFault, match=r"'dokcer'.*docker"), livekit_server(said.append):
        pass


def test_a_secret_is_never_shown():
    assert "hunter2" not in repr(LiveKit("ws://h", "key", "hunter2", "docker"))


def greet(server: socket.socket) -> None:
    """Answer everybody as a mail server does, until the socket is shut."""
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection:
            connection.recv(65536)
            connection.sendall(b"220 mail ready\r\n")


class Door(socketserver.BaseRequestHandler):
    """Passes everything on to the port `to`, and the answer back."""

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.to)) as there:
            threading.Thread(target=pass_on, args=(self.request, there), daemon=True).start()
            pass_on(there, self.request)


def pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):  # either side may end first
        while chunk := source.recv(65536):
            target.sendall(chunk)


@contextmanager
def door(port: int, to: int) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), Door) as server:
        server.daemon_threads = True
        server.to = to
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield
        server.shutdown()


def give(monkeypatch, livekit: LiveKit, *, url: str | None = None, secret: str | None = None) -> None:
    monkeypatch.setenv("LIVEKIT_URL", url or livekit.url)
    monkeypatch.setenv("LIVEKIT_API_KEY", livekit.api_key)
    monkeypatch.setenv("LIVEKIT_API_SECRET", secret or livekit.api_secret)
