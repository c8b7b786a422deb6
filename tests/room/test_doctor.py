"""The doctor says what is here and what a run would take: the same that a run takes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockvendors.room import pin
from mockvendors.room.doctor import _PACKAGES as PACKAGES

SESSION = Path(__file__).with_name("docker_session.py")
PROGRAM = Path(sys.executable).with_name("mockvendors")


class Machine:
    """An environment with nothing in it, to which a case adds what it is about."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.cached = folder / "cache" / "mockvendors" / f"livekit-server-{pin.version()}"
        self.cached.parent.mkdir(parents=True)
        self.env = {name: value for name, value in os.environ.items() if "LIVEKIT" not in name}
        self.env |= {
            "PATH": str(self.bin),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "DOCKER_HOST": f"unix://{folder}/none.sock",
        }

    def doctor(self, *flags: str) -> tuple[int, str]:
        run = subprocess.run([PROGRAM, "doctor", *flags], env=self.env, capture_output=True, text=True, check=False)
        assert run.stderr == ""
        return run.returncode, run.stdout

    def findings(self) -> tuple[int, dict[str, dict[str, str]]]:
        status, out = self.doctor("--json")
        report = json.loads(out)
        assert report["can_run"] == (status == 0)
        return status, {finding["name"]: finding for finding in report["findings"]}


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def program(machine, name, words):
    path = machine.bin / name
    path.write_text(words)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "ok", "told"),
    [("v20.11.1", True, "(v20.11.1), with "), ("v18.0.0", False, "is Node v18.0.0, too old for the driver")],
)
def test_node_is_told_and_never_needed(machine, version, ok, told):
    node, npm = (program(machine, name, f"#!/bin/sh\necho {version}\n") for name in ("node", "npm"))
    found = machine.findings()[1]["Node"]
    assert (found["ok"], bool(found["remedy"])) == (ok, not ok)
    assert told in found["found"]
    node.write_bytes(b"\x7fELF no program")
    broken = machine.findings()[1]["Node"]
    assert (broken["ok"], "does not run" in broken["found"]) == (False, True)
    npm.unlink()
    assert "there is no npm on the PATH" in machine.findings()[1]["Node"]["found"]


def test_node_is_given_nothing_to_read(machine):
    program(machine, "node", "#!/bin/sh\nread word\necho v20.1.0$word\n")
    program(machine, "npm", "#!/bin/sh\n")
    run = subprocess.run([PROGRAM, "doctor"], env=machine.env, input="-typed\n", capture_output=True, text=True, check=False)
    assert "(v20.1.0)" in run.stdout


def test_an_empty_machine_gets_a_remedy_for_each_way(machine):
    status, findings = machine.findings()
    assert status == 7
    ways = ["LIVEKIT_URL", "livekit-server on PATH", "livekit-server in the cache", "Docker", "Go", "LiveKit"]
    assert [name for name in findings if not findings[name]["ok"]] == [*ways, "Node"]
    assert all(findings[name]["remedy"] for name in ways)
    assert findings["Python"]["ok"]
    assert findings["package livekit-plugins-anam"]["found"][0].isdigit()


def test_the_text_tells_a_person_the_same(machine):
    status, out = machine.doctor()
    assert status == 7
    assert "LIVEKIT_URL: export LIVEKIT_URL=ws://... LIVEKIT_API_KEY=... LIVEKIT_API_SECRET=..." in out
    assert "Go: install Go from https://go.dev/dl, then run again\n" in out
    assert out.endswith("A session cannot run here.\n")


def test_one_way_is_enough(machine, livekit_binary):
    machine.cached.symlink_to(livekit_binary)
    status, findings = machine.findings()
    assert status == 0
    assert findings["LiveKit"]["found"] == "a run would take: cache"
    assert pin.version() in findings["livekit-server in the cache"]["found"]
    assert machine.doctor()[1].endswith("A session can run here.\n")


def test_a_restriction_counts(machine, livekit_binary):
    machine.cached.symlink_to(livekit_binary)
    machine.env["MOCKVENDORS_LIVEKIT"] = "docker"
    status, findings = machine.findings()
    assert status == 7
    assert findings["LiveKit"]["found"] == "not there: docker, the only way that MOCKVENDORS_LIVEKIT allows"
    machine.env["MOCKVENDORS_LIVEKIT"] = "none"
    status, findings = machine.findings()
    assert (status, findings["LiveKit"]["remedy"]) == (7, "unset MOCKVENDORS_LIVEKIT")


def test_a_broken_program_is_not_passed_over(machine, livekit_binary):
    machine.cached.symlink_to(livekit_binary)
    (machine.bin / "livekit-server").write_text("#!/bin/sh\nexit 3\n")
    (machine.bin / "livekit-server").chmod(0o755)
    status, findings = machine.findings()
    assert status == 7
    assert findings["LiveKit"]["found"] == "a run would take path and fail"


def test_a_given_server_is_asked_with_its_secret(machine, livekit):
    machine.env |= {"LIVEKIT_URL": livekit.url, "LIVEKIT_API_KEY": livekit.api_key}
    status, findings = machine.findings()
    assert (status, findings["LIVEKIT_URL"]["ok"]) == (7, False)
    assert "without LIVEKIT_API_SECRET" in findings["LIVEKIT_URL"]["found"]
    machine.env["LIVEKIT_API_SECRET"] = "wrong" * 8
    assert "refuses" in machine.findings()[1]["LIVEKIT_URL"]["found"]
    machine.env["LIVEKIT_API_SECRET"] = livekit.api_secret
    status, out = machine.doctor("--json")
    assert status == 0
    assert livekit.api_secret not in out


def test_a_server_elsewhere_is_not_asked(machine):
    machine.env |= {"LIVEKIT_URL": "wss://livekit.invalid", "LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": "s"}
    status, findings = machine.findings()
    assert (status, findings["LiveKit"]["found"]) == (0, "a run would take: url")
    assert "not asked: livekit.invalid" in findings["LIVEKIT_URL"]["found"]


def test_docker_with_its_image_is_seen(machine, dockerd):
    machine.env["DOCKER_HOST"] = dockerd.host
    status, findings = machine.findings()
    assert (status, findings["LiveKit"]["found"]) == (0, "a run would take: docker")
    assert findings["Docker"]["found"].endswith(f"with {pin.image()}")


LONELY = 'ip link set lo up; exec "$@"'


@pytest.fixture
def lonely():
    """Return what runs a command where there is no network interface but loopback, as on a laptop in flight mode."""
    programs = [shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") for name in ("unshare", "ip")]
    if sys.platform != "linux" or os.geteuid() != 0 or None in programs:
        pytest.skip("a network of our own needs root on Linux, unshare and ip")

    def run(shell: str, *command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        words = [programs[0], "--net", "sh", "-c", shell, "sh", *command]
        path = {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        return subprocess.run(words, env={**(env or os.environ), **path}, capture_output=True, text=True, check=False)

    return run


def test_without_any_network_no_room_can_be_joined_and_the_remedy_helps(lonely, machine, livekit_binary):
    machine.cached.symlink_to(livekit_binary)
    env = {**machine.env, "MOCKVENDORS_LIVEKIT": "cache"}
    report = json.loads(lonely(LONELY, str(PROGRAM), "doctor", "--json", env=env).stdout)
    assert report["can_run"] is False
    (network,) = [finding for finding in report["findings"] if finding["name"] == "Network"]
    assert not network["ok"]

    run = lonely(LONELY, str(PROGRAM), "livekit", env=env)
    assert (run.returncode, run.stdout) == (7, "")
    assert f"mockvendors: {network['found']}. {network['remedy']}" in run.stderr

    remedy = network["remedy"].partition("leads nowhere: ")[2].replace("sudo ", "")
    helped = lonely(f'ip link set lo up; {remedy}; exec "$@"', sys.executable, str(SESSION), env=env)
    assert helped.returncode == 0, helped.stderr
    assert "through the container" in helped.stdout


def test_what_a_remedy_gives_to_type_can_be_typed(machine):
    """As it stands after the name, wherever it is a command and nothing else."""
    _, findings = machine.findings()
    for name in ("LIVEKIT_URL", "package livekit-plugins-anam"):
        remedy = findings[name]["remedy"] or PACKAGES["livekit-plugins-anam"]
        done = subprocess.run(["/bin/sh", "-nc", remedy], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), remedy
