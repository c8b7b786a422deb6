"""`mockvendors check` as a person types it: the suite in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mockvendors.report.read import read
from tests.conformance.theirs import Acme

ROOT = Path(__file__).parents[2]
LIMIT = 120.0
"""Seconds for one run of a file of cases; 10 on an idle machine."""
LOOK = 0.05
REFERENCE = f"agents:{ROOT / 'mutants' / 'anam' / 'reference.py'}"
WRONG = f"agents:{ROOT / 'mutants' / 'anam' / 'refusal_retried.py'}"
SOME = ("-k", "TestErrors and test_refusal_is_not_retried")


def command(*arguments):
    return [sys.executable, "-m", "mockvendors", "check", *map(str, arguments)]


def check(*arguments, folder=ROOT, **environment):
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )


def test_verdict_and_exit_code_are_the_suites(tmp_path):
    run = check("anam", "--rule", "core.config.key", "--implementation", REFERENCE, folder=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "verdict on reference 1.8.9" in run.stdout
    assert list(tmp_path.iterdir()) == []


def test_several_end_in_a_matrix(tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    run = check(
        "anam", *SOME, "--implementation", REFERENCE, "--implementation", WRONG, "-n", "2", folder=tmp_path, TMPDIR=str(temporary)
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert run.stdout.count("verdict on ") == 2
    matrix = run.stdout[run.stdout.index("reference 1.8.9  refusal_retried 1.8.9") :]
    assert "pass             fail" in matrix
    assert "core.errors.no-retry" in matrix
    assert not list(temporary.glob("mockvendors-check-*"))


def test_report_is_written(tmp_path):
    path = tmp_path / "run.jsonl"
    run = check("anam", *SOME, "--implementation", WRONG, "--report", "run.jsonl", folder=tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    assert {line.verdict for line in read(path).cases} == {"fail"}


def test_pytests_names_of_report_and_profile_are_taken(tmp_path):
    run = check(
        "anam",
        *("--rule", "core.config.key", "--implementation", REFERENCE),
        *("--conformance-report", "run.jsonl", "--conformance-profile", "avatar-core/2026.1"),
        folder=tmp_path,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert {judged.profile for judged in read(tmp_path / "run.jsonl").footer.judged} == {"avatar-core/2026.1"}


def test_report_that_would_make_folders_is_refused(tmp_path):
    run = check("anam", "--rule", "core.config.key", "--report", "typo/reports/run.jsonl", folder=tmp_path)
    assert run.returncode == 4, run.stdout + run.stderr
    assert f"there is no folder {tmp_path}/typo" in run.stdout + run.stderr
    assert list(tmp_path.iterdir()) == []


def test_plugins_of_pytest_say_nothing_of_settings_that_are_missing(tmp_path):
    code, output = Acme.copied(tmp_path).check("--rule", "core.config.key")
    assert code == 0, output
    assert "verdict on" in output
    assert "Warning" not in output


def test_expectations_hold(tmp_path):
    (tmp_path / "known.toml").write_text(
        '[[expected]]\nmatch = "test_errors.py::*::test_refusal_is_not_retried*"\noutcome = "fail"\nreason = "known"\n'
    )
    run = check("anam", *SOME, "--implementation", WRONG, "--expectations", "known.toml", folder=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "conformant: no: 9 listed failures" in run.stdout


def test_what_stands_behind_the_dashes_goes_to_pytest():
    run = check("anam", *SOME, "--implementation", WRONG, "--", "-x")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "1 fail" in run.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["amam"], 4, "There is no suite for a vendor 'amam'. Nearest: anam"),
        (["nobody-knows-this"], 4, "Known: anam"),
        (["anam", "-n", "0"], 4, "'-n' / '--workers'"),
        (["anam", "--implementatoin", "x"], 4, "--implementation"),
        ([], 4, "Missing argument 'VENDOR"),
    ],
)
def test_what_is_typed_wrongly_runs_nothing(arguments, code, told):
    run = check(*arguments)
    assert (run.returncode, run.stdout) == (code, "")
    assert told in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--implementation", "agents:json"], "json is not a plugin"),
        (["--implementation", "agent:json"], "unknown implementation 'agent:json'"),
        (["--rule", "core.config.kex"], "no case checks the rule 'core.config.kex'. Nearest: core.config.key"),
        (["--expectations", "none.toml"], "the expectations file none.toml cannot be read"),
        (["--implementation", "agents:json", "--implementation", REFERENCE], "json is not a plugin"),
    ],
)
def test_what_the_suite_cannot_use_is_told_once(arguments, told):
    run = check("anam", *arguments)
    assert run.returncode == 4, run.stdout + run.stderr
    assert (run.stdout + run.stderr).count(told) == 1
    assert "Traceback" not in run.stdout + run.stderr


def test_nothing_that_runs_is_told():
    run = check("anam", "-k", "missing_kye")
    assert run.returncode == 5, run.stdout + run.stderr
    assert "nothing was judged: -k 'missing_kye' leaves none of the " in run.stdout
    assert "(nearest: test_missing_key" in run.stdout


def test_workers_need_xdist(monkeypatch):
    from mockvendors.cli.check import _workers  # noqa: PLC0415
    from mockvendors.errors import EnvironmentFault  # noqa: PLC0415

    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert _workers(1) == []
    with pytest.raises(EnvironmentFault, match=r"-n 2 needs pytest-xdist, which .* lacks\. `pip install pytest-xdist` there"):
        _workers(2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_suite_in_order(tmp_path, number):
    plugin = tmp_path / "hangs.py"
    plugin.write_text(
        f"import sys\nsys.path.append({str(ROOT / 'mutants' / 'anam')!r})\nimport asyncio\nfrom pathlib import Path\n"
        "import reference\nfrom reference import *\n\n"
        "class AvatarSession(reference.AvatarSession):\n    async def start(self, *args, **kwargs):\n"
        "        Path(__file__).with_name('hung').touch()\n        await asyncio.Event().wait()\n"
    )
    path = tmp_path / "run.jsonl"
    arguments = command("anam", "--implementation", f"agents:{plugin}", "-k", "TestToken", "--report", path)
    running = subprocess.Popen(arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    deadline = time.monotonic() + LIMIT
    while not (tmp_path / "hung").exists():
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(LOOK)
    running.send_signal(number)
    output, _ = running.communicate(timeout=LIMIT)
    assert running.returncode == 2, output
    assert read(path).footer.exit_code == 2


def test_help_teaches():
    run = check("--help")
    assert run.returncode == 0
    assert "Examples:" in run.stdout
    assert "Exit codes:" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
