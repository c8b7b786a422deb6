"""Which way to a LiveKit server is taken, and what is said when none is open."""

import os
import re

import pytest

from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.room import pin
from mockvendors.room.binary import cached
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
    give(monkeypatch, livekit, url="ws://127.0.0.1:1")
    with pytest.raises(EnvironmentFault, match="cannot be reached"), livekit_server(said.append):
        pass
    give(monkeypatch, livekit, url="127.0.0.1:7880")
    with pytest.raises(UsageFault, match="no ws:// or wss:// address"), livekit_server(said.append):
        pass


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


def give(monkeypatch, livekit: LiveKit, *, url: str | None = None, secret: str | None = None) -> None:
    monkeypatch.setenv("LIVEKIT_URL", url or livekit.url)
    monkeypatch.setenv("LIVEKIT_API_KEY", livekit.api_key)
    monkeypatch.setenv("LIVEKIT_API_SECRET", secret or livekit.api_secret)
