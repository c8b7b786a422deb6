"""Reports of real runs: whole, by the schema, without secrets, whoever runs the cases and however the run ends."""

import json
import os
import platform
import signal
import subprocess
import time
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from mockvendors import limits
from mockvendors.report.judged_by import judged_by
from mockvendors.report.lines import SCHEMA_FILE
from mockvendors.report.read import read
from tests.conformance.running import LIMIT, ROOT, case, command, implementation, run

LOOK = 0.05
"""Seconds between two looks at a run that is to reach some point."""
FILES = ("suites/anam/test_configuration.py", "suites/anam/test_errors.py", "-k", "TestConfiguration or 400")
WRONG = "--implementation=agents:mutants/anam/refusal_retried.py"
PUBLISHED = "--implementation=agents:livekit.plugins.anam"
REFUSED = "test_errors.py::TestErrors::test_refusal_is_not_retried[400]"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw"


def valid(path):
    """Return the report, each line of which the schema takes."""
    schema = json.loads(SCHEMA_FILE.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    for line in path.read_text().split("\n")[:-1]:
        validator.validate(json.loads(line))
    assert not [file for file in path.parent.iterdir() if file.suffix == ".part"]
    return read(path)


def verdicts(report):
    return {(line.implementation, line.case): line.verdict for line in report.cases}


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """Two implementations side by side, with a JUnit file."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "judge").write_text(judged_by("anam").digest)
    code, output = run(*FILES, WRONG, PUBLISHED, f"--conformance-report={folder}/run.jsonl", f"--junit-xml={folder}/run.xml")
    assert code == 1, output
    return folder


def test_header_says_who_was_judged_by_what_and_where(beside):
    header = valid(beside / "run.jsonl").header
    wrong, published = header.implementations
    assert (wrong.name, published.name) == ("refusal_retried", "livekit-plugins-anam")
    assert {"call.one", "video-size"} <= set(published.capabilities)
    assert published.framework == "livekit-agents"
    assert published.runtime == f"Python {platform.python_version()}"
    assert published.expectations.file == "suites/anam/expected/livekit-plugins-anam.toml"
    assert wrong.expectations is None
    assert [(suite.vendor, suite.profile) for suite in header.suites] == [("anam", "anam/2026.1")]
    assert header.suites[0].digest in {(beside / "judge").read_text(), judged_by("anam").digest}  # the second: edited meanwhile
    assert header.environment.time_scale == limits.scaled(1.0)
    assert header.environment.os == platform.system().lower()
    assert header.environment.livekit is None
    assert header.selection.keyword == FILES[-1]
    assert header.vendor_mode == "mock"


def test_case_says_all_that_a_failure_prints(beside):
    (line,) = [line for line in valid(beside / "run.jsonl").cases if line.verdict == "fail"]
    assert (line.case, line.rule, line.level) == (REFUSED, "core.errors.no-retry", "client")
    assert (line.expected, line.actual, line.seen) == ("1", "4", "requests, when each is answered 400")
    assert (line.scored, line.witness) == (True, ["journal"])
    assert len(line.journal) == 4
    assert line.reproduce.endswith(f"'suites/anam/{REFUSED}' {WRONG}")
    assert line.seconds > 0


def test_warning_says_what_was_assumed(beside):
    (line,) = [line for line in valid(beside / "run.jsonl").cases if line.verdict == "warn"]
    assert (line.rule, line.level, line.broken) == ("anam.path.double-slash", "assumed", ["anam.path.double-slash"])
    assert (line.scored, line.witness) == (False, ["journal"])
    assert line.actual == "{'//v1/engine/session'}"
    assert "journal" not in line.warnings[0]


def test_footer_counts_and_says_that_a_part_ran(beside):
    report = valid(beside / "run.jsonl")
    wrong, published = report.footer.judged
    assert sum(wrong.counts.values()) + sum(published.counts.values()) == report.footer.cases == len(report.cases)
    assert (wrong.counts["fail"], wrong.conformant) == (1, False)
    assert (wrong.profile, wrong.not_scored, wrong.unjudged, wrong.whole) == ("anam/2026.1", {"pass": 1}, [], False)
    assert published.not_scored == {"warn": 1}
    assert (published.conformant, published.complete, report.footer.complete) == (None, False, False)
    assert report.footer.exit_code == 1


def test_two_workers_write_the_same(beside, tmp_path):
    path = tmp_path / "run.jsonl"
    code, output = run(*FILES, WRONG, PUBLISHED, f"--conformance-report={path}", "-n", "2")
    assert code == 1, output
    alone, both = valid(beside / "run.jsonl"), valid(path)
    assert list(verdicts(both).items()) == list(verdicts(alone).items())
    assert both.header.implementations == alone.header.implementations
    assert [suite.profile_digest for suite in both.header.suites] == [suite.profile_digest for suite in alone.header.suites]
    assert both.footer.judged == alone.footer.judged


def test_junit_has_the_verdict_as_plain_properties(beside):
    cases = list(ET.parse(beside / "run.xml").iter("testcase"))  # noqa: S314 - pytest's own
    told = [{each.get("name"): each.get("value") for each in case.iter("property")} for case in cases]
    assert len(told) == len(valid(beside / "run.jsonl").cases)
    assert {each["verdict"] for each in told} == {"pass", "warn", "fail"}
    (failed,) = [each for each in told if each["verdict"] == "fail"]
    assert failed["rule"] == "core.errors.no-retry"
    assert failed["implementation"] == "refusal_retried 1.8.9 (livekit-agents 1.8.9)"
    assert not [value for each in told for value in each.values() if value[0] in "{["]


def test_full_suite_is_complete_and_names_the_room_server(tmp_path):
    path = tmp_path / "run.jsonl"
    folder = tmp_path / "suites"
    folder.mkdir()
    chosen = case(folder, 'async def test_it(self, drive, room, check):\n    check("core.config.key", 1, 1)')
    code, output = run(*chosen, "--implementation=agents:mutants/anam/reference.py", f"--conformance-report={path}")
    report = valid(path)
    if report.header.environment.livekit is None:
        pytest.skip(f"no LiveKit here: {report.cases}")
    assert code == 0, output
    assert report.header.environment.livekit.way
    (judged,) = report.footer.judged
    assert (judged.conformant, judged.whole, judged.complete, report.footer.complete) == (None, True, True, True)
    assert judged.unjudged  # one case judges little of a profile


def test_what_could_not_be_verified_is_not_complete(tmp_path):
    path = tmp_path / "run.jsonl"
    code, output = run("suites/anam/test_interrupt.py", f"--conformance-report={path}", MOCKVENDORS_LIVEKIT="none")
    assert code == 6, output
    report = valid(path)
    assert (report.footer.complete, report.footer.exit_code) == (False, 6)
    assert {line.lacks for line in report.cases} == {"LiveKit server"}


def test_no_secret_is_in_a_report(tmp_path):
    path = tmp_path / "run.jsonl"
    talks = implementation(
        tmp_path,
        f"""
        import reference
        from reference import *
        CAPABILITIES = reference.CAPABILITIES

        class AvatarSession(reference.AvatarSession):
            def __init__(self, *args, api_key, **kwargs):
                self.key = api_key
                super().__init__(*args, api_key=api_key, **kwargs)

            async def start(self, *args, **kwargs):
                await super().start(*args, **kwargs)
                print("a token:", "{TOKEN}", "a key:", self.key, file=sys.stderr)
                raise RuntimeError(f"{TOKEN} {{self.key}}")
        """,
    )
    junit = tmp_path / "run.xml"
    files = (f"--conformance-report={path}", f"--junit-xml={junit}")
    code, output = run("suites/anam/test_token.py", "-k", "test_kind", talks, *files)
    assert code == 1, output
    (line,) = valid(path).cases
    assert "jwt:" in line.actual
    assert "jwt:" in line.stderr[-1]
    for said in (path.read_text(), junit.read_text()):
        assert "eyJ" not in said
        assert "mock_" not in said


# a run that judges nothing, or is cut


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_run_that_judges_nothing_says_why(tmp_path, workers):
    path = tmp_path / "run.jsonl"
    code, output = run("suites/anam", "--implementation=agents:json", f"--conformance-report={path}", *workers)
    assert code == 4, output
    report = valid(path)
    assert report.cases == report.footer.judged == []
    assert (report.footer.exit_code, report.footer.complete) == (4, False)
    assert [each.connect for each in report.header.implementations] == ["agents:json"]
    assert [suite.vendor for suite in report.header.suites] == ["anam"]
    (refusal,) = report.footer.refusals
    assert refusal.startswith("json is not a plugin")


def test_fault_of_ours_has_its_traceback(tmp_path):
    path = tmp_path / "run.jsonl"
    text = 'async def test_it(self, vendor, check):\n    raise KeyError("a bug of ours")'
    code, output = run(*case(tmp_path, text), f"--conformance-report={path}")
    assert code == 7, output
    (line,) = valid(path).cases
    assert (line.verdict, line.outcome, line.broken) == ("error", "error", [])
    assert "KeyError" in line.trace


HANGS = """
    import asyncio
    from pathlib import Path
    import reference
    from reference import *

    class AvatarSession(reference.AvatarSession):
        async def start(self, agent_session, room):
            starts = Path(__file__).with_name("starts")
            starts.open("a").write("x")
            if starts.stat().st_size > 2:
                await asyncio.Event().wait()
            await super().start(agent_session, room)
"""


def hung(tmp_path, *more):
    """Start a run whose third start hangs, and return it once it does, with the report of an earlier run in its way."""
    path = tmp_path / "run.jsonl"
    assert run("suites/anam", "--implementation=agents:json", f"--conformance-report={path}")[0] == 4
    arguments = command("suites/anam/test_token.py", implementation(tmp_path, HANGS), f"--conformance-report={path}", *more)
    running = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    starts, deadline = tmp_path / "starts", time.monotonic() + LIMIT
    while not (starts.exists() and starts.stat().st_size > 2):
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(LOOK)
    return running, path


def test_interrupted_run_keeps_what_it_judged(tmp_path):
    running, path = hung(tmp_path)
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate(timeout=LIMIT)
    assert running.returncode == 2, output
    report = valid(path)
    assert len(report.cases) == 2
    assert (report.footer.exit_code, report.footer.complete) == (2, False)


def test_killed_run_leaves_no_report_not_even_that_of_before(tmp_path):
    running, path = hung(tmp_path)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=LIMIT)
    assert not path.exists()


def test_report_that_cannot_go_there_is_told_before_anything(tmp_path):
    mine = tmp_path / "notes.txt"
    mine.write_text("mine")
    code, output = run(*FILES, f"--conformance-report={mine}")
    assert code == 4, output
    assert f"ERROR: the report {mine} is there already, and is no report. Name another file, or remove it" in output
    assert "Traceback" not in output
    assert mine.read_text() == "mine"


def test_looking_at_the_cases_touches_no_report(beside):
    before = (beside / "run.jsonl").read_bytes()
    code, output = run("suites/anam", "--collect-only", f"--conformance-report={beside}/run.jsonl")
    assert code == 0, output
    assert (beside / "run.jsonl").read_bytes() == before


def test_disk_that_refuses_the_report_is_told(tmp_path):
    folder = tmp_path / "reports"
    text = f"""
        async def test_it(self, vendor, check):
            import pathlib, shutil
            shutil.rmtree({str(folder)!r})
            pathlib.Path({str(folder)!r}).write_text("in the way")
    """
    code, output = run(*case(tmp_path, text), f"--conformance-report={folder}/run.jsonl")
    assert code == 7, output
    assert "the report" in output
    assert "cannot be written: " in output


@pytest.mark.parametrize("asked", ["report", "record"])
def test_cases_of_one_name_are_told_before_any_runs(tmp_path, asked):
    path, folders = tmp_path / "run.jsonl", [tmp_path / "one", tmp_path / "two"]
    text = f'async def test_it(self, drive, check):\n    open({str(tmp_path / "ran")!r}, "w")'
    for folder in folders:
        folder.mkdir()
        case(folder, text)
    settings = (f"--rootdir={tmp_path}", "-c", "pyproject.toml")
    options = {
        "report": [f"--conformance-report={path}"],
        "record": ["--vendor-mode=record", f"--cassettes={tmp_path}/anam/tape"],
    }
    code, output = run(*folders, *settings, "--import-mode=importlib", *options[asked])
    assert code == 4, output
    told = f"two cases of anam are called test_ours.py::TestOurs::test_it, in {folders[0]} and in {folders[1]}: no report"
    assert output.count(told) == 1
    assert not (tmp_path / "ran").exists()
    assert "Traceback" not in output
    assert path.exists() == (asked == "report")  # it tells why nothing was judged
