"""What a person gets wrong, by pytest and by `mockvendors check`: one clear paragraph, and its exit code."""

import os
import subprocess
import sys

import pytest

from tests.conformance.running import ROOT, command

LIMIT = 120.0
DRIVER = """
import json, sys
number = json.loads(sys.stdin.readline())["id"]
print("I am driver 7", file=sys.stderr, flush=True)
who = {"name": "x", "version": "1"}
print(json.dumps({"id": number, "ok": {"protocol": 2, "implementation": who, "capabilities": []}}), flush=True)
sys.stdin.read()
"""
TYPO = '[[expected]]\nmatch = "test_size.py::*::test_nothing_such"\noutcome = "fail"\nreason = "seen"\n'


@pytest.fixture
def files(tmp_path):
    """Write what is wrong, and return the folder."""
    (tmp_path / "lacks.py").write_text("import no_such_library\n")
    (tmp_path / "raises.py").write_text("\nraise OSError('no licence')\n")
    (tmp_path / "aborts.py").write_text("import os\nos.abort()\n")
    (tmp_path / "driver.py").write_text(DRIVER)
    (tmp_path / "typo.toml").write_text(TYPO)
    (tmp_path / "field.toml").write_text(TYPO.replace("outcome", "outcom"))
    (tmp_path / "path").mkdir()
    return tmp_path


WRONG = {
    "kind": ("--implementation=exe:driver", 4, ["unknown implementation 'exe:driver'. Write exec:PROGRAM [ARGUMENT...]"]),
    "no-kind": ("--implementation=livekit.plugins.anam==1.6.0", 4, ["Did you mean agents:livekit.plugins.anam==1.6.0?"]),
    "module": (
        "--implementation=agents:livekit.plugins.nobody",
        4,
        ["cannot be imported: No module named 'livekit.plugins.nobody'. It is looked for among its environment's packages"],
    ),
    "typo": (
        "--implementation=agents:livekit.plugins.anm",
        4,
        ["cannot be imported: No module named 'livekit.plugins.anm' (nearest: livekit.plugins.anam). It is looked for among"],
    ),
    "lacks": ("--implementation=agents:{}/lacks.py", 4, ["it imports no_such_library, which its environment lacks ("]),
    "raises": (
        "--implementation=agents:{}/raises.py",
        4,
        ["py cannot be imported: no licence. ", 'raises.py", line 2, in'],
    ),
    "aborts": (
        "--implementation=agents:{}/aborts.py",
        4,
        ["the plugin {0}/aborts.py cannot be imported: its import ends the process with signal SIGABRT. Start it by hand"],
    ),
    "object": (
        "--implementation=py:{}/lacks.py:make",
        4,
        ["-m pip install ...). docs/driver-protocol.md says what a driver of your own has to do"],
    ),
    "node": ("--implementation=node:@livekit/agents-plugin-anam@1.5.0", 7, ["there is no node on the PATH", "Install Node 20"]),
    "protocol": (
        "--implementation=exec:{python} {}/driver.py",
        7,
        [
            "the driver of exec:",
            "asked for protocol 1: it speaks protocol 2",
            "`mockvendors smoke anam --impl",
            "  I am driver 7\n",
        ],
    ),
    "match": (
        "--expectations={}/typo.toml",
        4,
        ["the expectations list {}/typo.toml is not true: 'test_size.py::*"],
    ),
    "field": (
        "--expectations={}/field.toml",
        4,
        ["{}/field.toml, entry 1 has an unknown field 'outcom'. Nearest: outcome"],
    ),
}


@pytest.mark.parametrize("how", ["pytest", "check"])
@pytest.mark.parametrize("wrong", WRONG)
def test_each_is_told_with_its_remedy(files, wrong, how):
    argument, code, told = WRONG[wrong]
    argument = argument.format(files, python=sys.executable)
    begin = command("suites/anam") if how == "pytest" else [sys.executable, "-m", "mockvendors", "check", "anam"]
    path = str(files / "path") if wrong == "node" else os.environ["PATH"]
    env = {**os.environ, "MOCKVENDORS_LIVEKIT": "none", "PATH": path}
    done = subprocess.run([*begin, argument], cwd=ROOT, env=env, capture_output=True, text=True, timeout=LIMIT, check=False)
    output = done.stdout + done.stderr
    assert done.returncode == code, output
    for text in told:
        assert output.count(text.format(files)) == 1, output
    assert output.count("ERROR: ") == 1, output
    assert ("exit code 7: the plugin was not judged" in output) is (code == 7), output
    assert "Traceback" not in output
