"""Building LiveKit: once, never silent, and clear when it fails. A stand-in for Go does what the case needs."""

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from mockvendors import limits, lock
from mockvendors.errors import EnvironmentFault
from mockvendors.room import build as building
from mockvendors.room import pin
from mockvendors.room.binary import cached
from mockvendors.room.livekit import WayMissing
from mockvendors.room.server import livekit_server

BUILDER = """
from mockvendors.room.build import build
print("built" if build(lambda line: None)[1] else "found", flush=True)
"""


@pytest.fixture
def go(tmp_path, monkeypatch):
    """Return a function that puts a `go` with this shell text on PATH, and an empty cache beside it."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    monkeypatch.setenv("PATH", f"{bin_}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def put(text: str) -> Path:
        file = bin_ / "go"
        file.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\n{text}\n')
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return tmp_path / "calls"

    return put


def left_in_cache() -> set[str]:
    return {file.name for file in cached().parent.iterdir()} - {f"{cached().name}.lock"}


def test_it_builds_the_pinned_version_and_runs_it(go, livekit_binary, monkeypatch):
    calls = go(f'[ "$CGO_ENABLED" = 0 ] && cp {livekit_binary} "$GOBIN/server"')
    monkeypatch.setenv("MOCKVENDORS_LIVEKIT", "build")
    said = []
    with livekit_server(said.append) as livekit:
        assert livekit.source == "built"
    with livekit_server(said.append) as livekit:
        assert livekit.source == "cache"
    command = f"install -trimpath -ldflags -s -w github.com/livekit/livekit-server/cmd/server@v{pin.version()}\n"
    assert calls.read_text() == command
    assert said[0].startswith(f"building LiveKit {pin.version()} with Go into ")
    assert left_in_cache() == {cached().name}


def test_a_failed_build_shows_the_end_of_gos_log_and_keeps_it(go):
    go("echo 'go: no route to the proxy' >&2; exit 3")
    with pytest.raises(EnvironmentFault) as failed:
        building.build(print)
    log = cached().with_name(f"{cached().name}.build.log")
    assert f"failed with status 3; the end of {log}:\n  go: no route to the proxy" in failed.value.cause
    assert "CGO_ENABLED=0 go install" in failed.value.remedy
    assert log.read_text() == "go: no route to the proxy\n"
    assert left_in_cache() == {log.name}


def test_a_build_that_makes_nothing_is_a_failure(go):
    go("exit 0")
    with pytest.raises(EnvironmentFault, match="failed with status 0"):
        building.build(print)


def test_a_build_without_end_is_given_up_and_ended(go, monkeypatch):
    go("exec sleep 600")
    monkeypatch.setattr(limits, "LIVEKIT_BUILD", 0.1)
    monkeypatch.setattr(building, "TELL_EVERY", 0.05)
    said = []
    with pytest.raises(EnvironmentFault, match=r"did not end within 0\.1 s"):
        building.build(said.append)
    assert any(line.startswith("building LiveKit: ") for line in said)
    assert [child for child in psutil.Process().children(recursive=True) if child.name() == "sleep"] == []


def test_two_runs_at_once_build_once(go, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    calls = go(f'read line <{gate}; printf "#!/bin/sh\\n" >"$GOBIN/server"; chmod +x "$GOBIN/server"')
    runs = [subprocess.Popen([sys.executable, "-c", BUILDER], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    waits = []
    watcher = threading.Thread(target=lambda: building.build(waits.append))  # a third one, which says that it waits
    with gate.open("w") as opened:  # open once a build reads: one run holds the lock now
        watcher.start()
        wait_for(lambda: waits)
        opened.write("go\n")
    words = sorted(run.communicate(timeout=limits.scaled(limits.LIVEKIT_START))[0].strip() for run in runs)
    watcher.join()
    assert words == ["built", "found"]
    assert len(calls.read_text().splitlines()) == 1
    assert waits == ["waiting for another run, which builds LiveKit (0 s)"]


def test_a_killed_build_blocks_nobody_and_its_rest_is_swept(go, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    go(f"read line <{gate}")
    run = subprocess.Popen([sys.executable, "-c", BUILDER])
    with gate.open("w"):
        assert any(name.startswith("building-") for name in left_in_cache())
        run.kill()
        run.wait()
    go('cp /bin/true "$GOBIN/server"')
    assert building.build(print) == (cached(), True)
    assert left_in_cache() == {cached().name}


def test_who_waits_for_a_lock_too_long_is_told_which(tmp_path, monkeypatch):
    monkeypatch.setattr(lock, "_POLL", 0.01)
    file = tmp_path / "lock"
    with (
        lock.locked(file, 1, print, "nobody"),
        pytest.raises(EnvironmentFault, match=r"another has not ended within 0\.05 s.*lock"),
        lock.locked(file, 0.05, print, "another"),
    ):
        pass


def test_a_cache_that_cannot_be_written_is_told_with_the_way_out(go, monkeypatch, tmp_path):
    go("exit 0")
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(EnvironmentFault, match=r"can be built into .*file/mockvendors \(Not a directory\)") as failed:
        building.build(print)
    assert "export XDG_CACHE_HOME=" in failed.value.remedy


def test_without_go_this_way_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WayMissing, match="no go on PATH"):
        building.build(print)


def wait_for(condition) -> None:
    deadline = time.monotonic() + limits.scaled(limits.LIVEKIT_START)
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(limits.LIVEKIT_POLL)
