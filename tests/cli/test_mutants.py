"""`mockvendors mutants` as a person types it, with the reference plugin of Anam."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
LIMIT = 240.0
"""Seconds for some runs of one rule's cases; 15 on an idle machine."""
REFERENCE = ROOT / "mutants" / "anam" / "reference.py"


def command(*arguments, plugin=REFERENCE):
    return [sys.executable, "-m", "mockvendors", "mutants", "anam", f"--implementation=agents:{plugin}", *map(str, arguments)]


def mutants(*arguments, folder=ROOT, plugin=REFERENCE):
    return subprocess.run(
        command(*arguments, plugin=plugin), cwd=folder, capture_output=True, text=True, timeout=LIMIT, check=False
    )


def test_caught_ones_are_counted_and_the_files_stay(tmp_path):
    options = ("--only=token_kind", "--only=refusal_retried", "--into=wrong", "--json=found.json")
    run = mutants(*options, folder=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "caught by the named rule               2 of 2" in run.stdout
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["totals"]["caught"] == 2
    assert {each["mutant"]: each["by"] for each in found["mutants"]} == {
        "token_kind": ["core.token.kind"],
        "refusal_retried": ["core.errors.no-retry"],
    }
    assert (tmp_path / "wrong" / "token_kind.py").is_file()
    assert "two_posts" in found["left_out"]


def test_caught_by_the_wrong_rule_is_told_and_fails(tmp_path):
    """A change whose rule says nothing of it: a body with another key never comes as far as the size."""
    (tmp_path / "mutants.toml").write_text('[rules]\nkey_missing = "core.token.kind"\nrate_of_its_own = "core.token.kind"\n')
    run = mutants("--config=mutants.toml", "--only=key_missing", "--only=rate_of_its_own", folder=tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "wrong rule: key_missing (core.token.kind): " in run.stdout
    assert "missed: rate_of_its_own (core.token.kind): " in run.stdout
    assert list(tmp_path.iterdir()) == [tmp_path / "mutants.toml"]


def test_list_says_what_applies_and_what_does_not(tmp_path):
    run = mutants("--list", folder=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "token_kind  core.token.kind: Lets the avatar join as an ordinary participant.\n" in run.stdout
    assert "left out: size_swapped: [names] gives no width and no height\n" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--only=token_kin",), "mockvendors: there is no mutant 'token_kin'. Nearest: token_kind"),
        (("--config=none.toml",), "mockvendors: the mutants' configuration none.toml cannot be read: No such file"),
        (("--implementation=node:@livekit/agents-plugin-anam",), "is no plugin for LiveKit Agents. Generic mutants are made of"),
        (("--implementation=agents:none.py",), "mockvendors: there is no file none.py"),
        (("--into=.",), "is there and not an empty folder. Name another; nothing is overwritten"),
    ],
)
def test_wrong_input_is_one_line(tmp_path, arguments, says):
    (tmp_path / "mine").write_text("mine")
    run = mutants(*arguments, folder=tmp_path)
    assert (run.returncode, run.stdout) == (4, "")
    assert says in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def test_interrupt_leaves_nothing(tmp_path):
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    arguments = command("--only=token_kind", "--only=second_start_hangs", "--only=interrupt_ignored")
    with subprocess.Popen(arguments, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as running:
        run = psutil.Process(running.pid)
        assert running.stderr.readline()  # the first has been judged, others run
        below = run.children(recursive=True)
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
        assert running.wait(60) == 2
    assert told.splitlines()[-1] == "mockvendors: interrupted"
    assert below
    assert psutil.wait_procs(below, timeout=10)[1] == []
    assert list((tmp_path / "tmp").glob("mockvendors-mutant*")) == []
