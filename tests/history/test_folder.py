"""Which report need not be made again, and which is no whole one."""

import shutil
import subprocess

import msgspec
import pytest

from mockvendors.history.folder import Folder, fault
from mockvendors.registry import suite
from mockvendors.report.judged_by import judged_by
from mockvendors.report.write import write
from tests.report import samples

VERSION = "agents:livekit.plugins.toy==1.9.1"


@pytest.fixture
def folder(tmp_path):
    """Hold one report, of the toy's 1.9.1, which what judges now has written."""
    made = Folder(tmp_path, samples.DIGEST)
    write(made.report("1.9.1"), samples.HISTORY[1])
    return made


def test_a_whole_report_by_what_judges_now_is_kept(folder):
    assert len(folder.kept("1.9.1", VERSION).cases) == 4


def test_another_judge_judges_again(folder):
    assert Folder(folder.path, f"sha256:{'b' * 64}").kept("1.9.1", VERSION) is None


def test_another_rule_judges_again(folder):
    assert Folder(folder.path, samples.DIGEST, rule="toy.rule.1").kept("1.9.1", VERSION) is None


def test_another_implementation_under_the_same_name_is_judged(folder):
    assert folder.kept("1.9.1", "agents:livekit.plugins.other==1.9.1") is None


def test_what_names_no_version_may_have_changed_and_is_judged_again(folder):
    connect = "agents:livekit.plugins.toy"
    report = samples.report("now.jsonl", (samples.who("1", connect=connect), [samples.case(1)]))
    write(folder.report("now"), report)
    assert folder.kept("now", connect) is None


def test_a_report_of_a_part_that_somebody_wrote_there_is_not_taken(folder):
    report = samples.HISTORY[1]
    judged = [msgspec.structs.replace(each, whole=False) for each in report.footer.judged]
    footer = msgspec.structs.replace(report.footer, judged=judged)
    write(folder.report("1.9.1"), msgspec.structs.replace(report, footer=footer))
    assert folder.kept("1.9.1", VERSION) is None


def test_a_report_of_a_recording_is_not_taken(folder):
    report = samples.HISTORY[1]
    replayed = msgspec.structs.replace(report.header, vendor_mode="cassette")
    write(folder.report("1.9.1"), msgspec.structs.replace(report, header=replayed))
    assert folder.kept("1.9.1", VERSION) is None


def test_a_cut_report_is_not_taken(folder):
    file = folder.report("1.9.1")
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:-1]))
    assert folder.kept("1.9.1", VERSION) is None


@pytest.mark.parametrize(
    ("report", "told", "code"),
    [
        (samples.version("1", c1="pass", c2="fail"), None, None),
        (samples.version("1", c1="pass", c2="error"), "1 error, first test_toy.py::TestToy::test_2", 7),
        (samples.version("1", c1="not verified", c2="not verified"), "2 not verified, first", 6),
        (samples.NOTHING, "nothing was judged: json is not a plugin", 4),
    ],
)
def test_what_says_nothing_of_the_plugin_is_a_fault(report, told, code):
    found = fault(report)
    if told is None:
        assert found is None
    else:
        assert (found[0].startswith(told), found[1]) == (True, code)


@pytest.mark.parametrize("code", [2, 3])
def test_a_run_that_was_cut_short_is_a_fault(code):
    report = samples.version("1", c1="pass")
    cut = msgspec.structs.replace(report, footer=msgspec.structs.replace(report.footer, exit_code=code))
    assert fault(cut) == (f"the run ended with exit code {code}", code)


def test_judge_is_another_when_a_case_changes(tmp_path):
    cases = tmp_path / "suite"
    shutil.copytree(suite("anam"), cases)
    before = judged_by("anam", cases)
    assert judged_by("anam", cases) == before
    assert (judged_by("anam").digest, before.commit) == (before.digest, "")
    (cases / "test_size.py").write_text("")
    assert judged_by("anam", cases).digest != before.digest


def test_judge_is_another_when_a_module_below_the_cases_changes(tmp_path):
    cases = tmp_path / "suite"
    shutil.copytree(suite("anam"), cases)
    before = judged_by("anam", cases).digest
    (cases / "helpers").mkdir()
    (cases / "helpers" / "sizes.py").write_text("SIZES = ()")
    assert judged_by("anam", cases).digest != before


def test_the_commit_is_of_a_checkout_that_holds_the_cases(tmp_path):
    """A plugin's CI installs the suite into an environment inside of the plugin's own checkout."""
    cases = tmp_path / "environment" / "suite"
    shutil.copytree(suite("anam"), cases, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "plugin.py").write_text("")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=plugin", "-c", "user.email=plugin@example.org"]
    for words in (["init", "-q"], ["add", "plugin.py"], ["commit", "-qm", "A plugin"]):
        subprocess.run([*git, *words], check=True)
    assert judged_by("anam", cases).commit == ""
    for words in (["add", "environment"], ["commit", "-qm", "Its suite"]):
        subprocess.run([*git, *words], check=True)
    assert judged_by("anam", cases).commit != ""
