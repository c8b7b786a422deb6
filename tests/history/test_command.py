"""`mockvendors history` as a person types it, with real runs of one rule's cases."""

import signal
import subprocess
import sys
import time

import pytest

from mockvendors.history import into

RULE = "anam.call.one"
"""One case checks it: not claimed by 1.8.0, which asks for a session token first."""
LIMIT = 90.0
VERSIONS = """vendor = "anam"
[implementations]
"1.8.0" = "agents:livekit.plugins.anam==1.8.0"
"""
NEW = '"1.8.9" = "agents:livekit.plugins.anam==1.8.9"\n'
NO_PLUGIN = '"none" = "agents:json"\n'
CHANGE = """[[change]]
between = ["1.8.0", "1.8.9"]
match = ["*::test_one_call_with_the_key"]
why = "One call starts the avatar."
source = "E3"
"""


def command(*arguments):
    return [sys.executable, "-m", "mockvendors", "history", *map(str, arguments)]


def history(folder, text, *more):
    file = folder / "history.toml"
    file.write_text(text)
    arguments = command(file, f"--reports={folder}", *more)
    return subprocess.run(arguments, capture_output=True, text=True, timeout=LIMIT, check=False, cwd=folder)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """One that is no plugin, among two that are."""
    folder = tmp_path_factory.mktemp("history")
    return folder, history(folder, VERSIONS + NO_PLUGIN + NEW, f"--rule={RULE}")


def test_one_that_cannot_be_judged_does_not_stop_the_others(judged):
    folder, done = judged
    assert (done.returncode, done.stdout) == (4, "")
    assert "history: [2/3] none: NOT JUDGED: nothing was judged: json is not a plugin" in done.stderr
    assert "history: [3/3] 1.8.9: 1 case in" in done.stderr
    assert "history: without a whole report: none; nothing is written" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "1.8.9.log").read_text().count("verdict on livekit-plugins-anam") == 1


def test_what_was_judged_is_not_judged_again_and_each_change_has_its_reason(judged):
    folder, _ = judged
    done = history(folder, VERSIONS + NEW + CHANGE, f"--rule={RULE}")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "judged already, by the same suite" not in line] == [
        "history: 2 implementations, 0 to judge"
    ]
    assert "### 1.8.0 → 1.8.9: 1 case\n\nOne call starts the avatar. (E3)\n" in done.stdout
    assert "| `TestRequest::test_one_call_with_the_key` | `anam.call.one` | - | **pass** |" in done.stdout


def test_a_change_without_a_reason_fails(judged):
    folder, _ = judged
    done = history(folder, VERSIONS + NEW, f"--rule={RULE}")
    assert done.returncode == 1
    told = "history: unexplained: 1.8.0 → 1.8.9: test_request.py::TestRequest::test_one_call_with_the_key: not claimed → pass"
    assert told in done.stderr.splitlines()
    assert "**unexplained**" in done.stdout


def test_a_signal_ends_what_runs(tmp_path):
    (tmp_path / "history.toml").write_text(VERSIONS + NEW)
    running = subprocess.Popen(
        command(tmp_path / "history.toml", f"--reports={tmp_path}"), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    log, deadline = tmp_path / "1.8.0.log", time.monotonic() + LIMIT
    while not log.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    output, said = running.communicate(timeout=LIMIT)
    assert (running.returncode, output) == (2, ""), said
    assert said.splitlines()[-1] == "mockvendors: interrupted"
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.toml"], "the history none.toml cannot be read: No such file or directory"),
        (["history.toml", "--write", "page.md"], "the document page.md has no place for a history. Write these two lines"),
        (["history.toml", "--write", "none.md"], "the document none.md cannot be read"),
        (["history.toml", "--write", "page.md", "--rule", RULE], "--rule judges a part of the suite"),
    ],
)
def test_what_is_wrong_is_told_before_anything_runs(tmp_path, arguments, told):
    (tmp_path / "history.toml").write_text(VERSIONS + NEW)
    (tmp_path / "page.md").write_text(f"# Mine\n{into.BEGIN}\n")
    done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=LIMIT, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert told in done.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["history.toml", "page.md"]
