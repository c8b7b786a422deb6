"""Several mutants in one run: each by the cases of its own rule, one after the other, and what is not caught is judged alone."""

import os
import subprocess
import sys
from collections import defaultdict

from mockvendors.mutants import Kind, Mutant, Runner
from mockvendors.mutants.runner import OWN_RULE, judge_some_now
from mockvendors.report.read import read

from . import judged

ALL = {mutant.name: mutant for mutant in judged.mutants()}
NOTES = ALL["notes_clamped"]
KEY = ALL["key_not_needed"]
MISSED = Mutant("correct", "Nothing, though a rule is named.", "core.config.job", judged.connect("reference"))
COUNT = """
import psutil, pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    drivers = [child for child in psutil.Process().children() if "--plugin" in child.cmdline()]
    with open("drivers", "a") as file:
        print(len(drivers), file=file)
    return (yield)
"""


def run(folder, *mutants, more=()):
    """Return exit code, output and report of one run on these, as the runner begins it; `more` are options."""
    options = [
        *(word for each in mutants for word in (f"--implementation={each.connect}", "--own-rule", each.connect, each.rule)),
        *("-p", OWN_RULE, "-q", "-p", "no:cacheprovider", f"--conformance-report={folder / 'run.jsonl'}", *more),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *judged.SUITE.arguments, *options],
        cwd=judged.ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, read(folder / "run.jsonl")


def test_each_is_judged_by_its_own_rule_while_the_drivers_of_the_others_do_not_run(tmp_path):
    (tmp_path / "count_drivers.py").write_text(COUNT.replace('"drivers"', repr(str(tmp_path / "drivers"))))
    code, output, report = run(tmp_path, NOTES, KEY, MISSED, more=["-p", "count_drivers"])
    assert code == 1, output
    rules = defaultdict(set)
    for case in report.cases:
        rules[case.implementation].add(case.rule)
    assert rules == {each.connect: {each.rule} for each in (NOTES, KEY, MISSED)}
    assert {case.implementation for case in report.cases if case.verdict == "fail"} == {NOTES.connect, KEY.connect}
    assert set((tmp_path / "drivers").read_text().split()) == {"1"}


def test_a_first_one_that_cannot_be_imported_ends_the_run_before_any_case(tmp_path):
    code, output, report = run(tmp_path, Mutant("none", "Is not there.", KEY.rule, "agents:mutants/anam/none.py"), KEY)
    assert code == 4, output
    assert report.cases == []
    assert report.footer.refusals


def test_who_is_caught_in_one_run_has_its_own_text_and_who_is_not_is_judged_alone():
    notes, key, correct = judge_some_now(Runner(judged.SUITE), [NOTES, KEY, MISSED])
    assert [notes.kind, key.kind, correct.kind] == [Kind.CAUGHT, Kind.CAUGHT, Kind.MISSED], correct.output
    assert notes.by == (NOTES.rule,)
    assert NOTES.connect in notes.output
    assert KEY.connect not in notes.output
    assert KEY.connect in key.output
    assert "conformant:" in correct.output  # the summary of a run of its own


def test_a_rule_that_no_case_checks_is_told_by_a_run_alone():
    key, none = judge_some_now(Runner(judged.SUITE), [KEY, Mutant("none", "Nothing.", "core.no.such-rule", MISSED.connect)])
    assert key.kind is Kind.CAUGHT
    assert (none.kind, none.told.partition(".")[0]) == (Kind.MISSED, "no case checks the rule 'core")
