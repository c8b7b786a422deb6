"""`mockvendors report` as a person types it."""

import json
import subprocess
import sys

import pytest

from mockvendors.report.write import write
from tests.report import samples


@pytest.fixture
def files(tmp_path):
    """Write the sample reports, and return their folder."""
    for each in (samples.EVERY, samples.SIDE_BY_SIDE, samples.NOTHING, *samples.HISTORY):
        write(tmp_path / each.file, each)
    return tmp_path


def report(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "mockvendors", "report", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_one_is_its_verdict(files):
    run = report(files, "every.jsonl")
    assert (run.returncode, run.stderr) == (0, "")
    assert "verdict on livekit-plugins-toy 1.2.0 (livekit-agents 1.2.0)" in run.stdout
    assert "core.errors.no-retry" in run.stdout


def test_several_are_a_matrix(files):
    run = report(files, "1.10.0.jsonl", "1.9.1.jsonl", "1.2.0.jsonl", "--changes")
    assert (run.returncode, run.stderr) == (0, "")
    assert "1.2.0        1.9.1        1.10.0" in run.stdout
    assert "→ pass" in run.stdout
    assert "toy.rule.4" not in run.stdout


def test_one_file_given_twice_is_one(files):
    assert report(files, "every.jsonl", "every.jsonl").stdout == report(files, "every.jsonl").stdout


@pytest.mark.parametrize(("given", "told"), [(1, "every.jsonl"), (2, "every.jsonl, given 2 times,")])
def test_changes_of_one_are_said_to_be_none(files, given, told):
    run = report(files, *["every.jsonl"] * given, "--changes")
    assert (run.returncode, run.stdout) == (0, report(files, "every.jsonl").stdout)
    assert run.stderr == f"note: --changes compares several: {told} has not more than one implementation, and is shown whole\n"


def test_json_is_one_object(files):
    run = report(files, "both.jsonl", "--format", "json")
    shown = json.loads(run.stdout)
    assert [column["label"] for column in shown["matrix"]["columns"]] == ["livekit-plugins-toy 1.2.0", "toy-node 0.9"]


def test_markdown_is_for_a_pull_request(files):
    run = report(files, "every.jsonl", "--format", "markdown")
    assert run.stdout.startswith("### ❌ livekit-plugins-toy 1.2.0 (livekit-agents 1.2.0)\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.jsonl"], "the report none.jsonl cannot be read: No such file or directory"),
        (["."], "the report . cannot be read: Is a directory"),
        (["cut.jsonl"], "cut.jsonl ends without a footer: the run that wrote it was cut"),
        (["every.jsonl", "cut.jsonl"], "cut.jsonl ends without a footer"),
        (["every.jsonl", "--format", "html"], "terminal"),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_read_is_one_line(files, arguments, told):
    lines = (files / "every.jsonl").read_text().splitlines(keepends=True)
    (files / "cut.jsonl").write_text("".join(lines[:5]))
    run = report(files, *arguments)
    assert (run.returncode, run.stdout) == (4, "")
    assert told in run.stderr
    assert "Traceback" not in run.stderr


def test_help_teaches():
    run = report(None, "--help")
    assert run.returncode == 0
    assert "Examples:" in run.stdout
    assert "Exit codes:" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
