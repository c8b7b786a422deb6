"""`mockvendors expect update` as a person runs it: on reports of real runs, and on those that cannot be used."""

import subprocess

import pytest

from mockvendors.conformance.expectations import PLACEHOLDER
from mockvendors.report.write import write
from tests.conformance.running import LIMIT, case
from tests.conformance.running import run as judged
from tests.report import samples

from .conftest import PROGRAM

CASES = """
    @pytest.mark.parametrize("number", [1, 2, 3])
    async def test_it(self, check, number):
        check("core.config.key", number in {broken}, False, "whether it is broken")

    @rule("core.config.livekit")
    async def test_other(self, check):
        check("core.config.livekit", 1, 1)
"""


def expect(*arguments, folder):
    done = subprocess.run(
        [PROGRAM, "expect", "update", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def suite(folder, broken):
    """Write a suite whose cases of these numbers fail; return the arguments that run it with the list and a report."""
    ours = case(folder, CASES.format(broken=broken), head="import pytest\n")
    known = folder / "known.toml"
    return (*ours, f"--conformance-report={folder / 'run.jsonl'}", *([f"--expectations={known}"] if known.exists() else []))


@pytest.fixture
def folder(tmp_path):
    """A folder with the report of a run in which two of four cases failed."""
    code, output = judged(*suite(tmp_path, {1, 2}))
    assert code == 1, output
    return tmp_path


UPDATE = ("--from", "run.jsonl", "known.toml")
WAITING = f"{{}} without a reason: --reason gives one, or write it in place of {PLACEHOLDER!r}; no run takes the list so"


def test_run_update_run_is_green_once_a_person_wrote_the_reasons(folder):
    known = folder / "known.toml"
    code, out, err = expect(*UPDATE, folder=folder)
    assert code == 0, err
    assert out == (
        "known.toml: 2 new\n"
        "  new: test_ours.py::TestOurs::test_it[1] (fail, core.config.key)\n"
        "  new: test_ours.py::TestOurs::test_it[2] (fail, core.config.key)\n"
    )
    assert err == f"note: {WAITING.format(2)}\n"

    code, output = judged(*suite(folder, {1, 2}))
    assert code == 4, output
    assert "known.toml, entry 1 (test_ours.py::TestOurs::test_it[1]) has no reason yet. Write why it fails in place of" in output

    known.write_text("# Mine.\n\n# Seen on Monday.\n" + known.read_text().replace(PLACEHOLDER, "it is known").split("\n\n", 1)[1])
    code, output = judged(*suite(folder, {1, 2}))
    assert code == 0, output
    assert "2 pass · 2 expected" in output

    mine = known.read_text()
    assert expect(*UPDATE, folder=folder) == (0, "known.toml: nothing to change: 2 kept\n", "")
    assert known.read_text() == mine

    code, output = judged(*suite(folder, {1, 3}))
    assert code == 1, output
    assert "1 expected · 1 stale" in output
    code, out, err = expect("--from", "run.jsonl", "--reason", "came with 2.0", folder=folder)
    assert code == 0, err
    assert out.removeprefix(f"{folder}/") == (
        "known.toml: 1 kept, 1 new, 1 removed\n"
        "  new: test_ours.py::TestOurs::test_it[3] (fail, core.config.key)\n"
        "  removed: test_ours.py::TestOurs::test_it[2] (fail, core.config.key): now: pass\n"
    )
    assert known.read_text().startswith("# Mine.\n\n# Seen on Monday.\n[[expected]]")
    assert 'reason = "came with 2.0"' in known.read_text()
    code, output = judged(*suite(folder, {1, 3}))
    assert code == 0, output
    assert "2 pass · 2 expected" in output


def test_check_prints_the_difference_and_writes_nothing(folder):
    for option in ("--check", "--dry-run"):
        code, out, _ = expect(*UPDATE, option, folder=folder)
        assert code == 1
        assert '+match = "test_ours.py::TestOurs::test_it[1]"' in out.splitlines()
        assert not (folder / "known.toml").exists()
    expect(*UPDATE, "--reason", "known", folder=folder)
    assert expect(*UPDATE, "--check", folder=folder) == (0, "known.toml: nothing to change\n", "")


def test_check_names_what_no_run_takes(folder):
    expect(*UPDATE, folder=folder)
    code, out, err = expect(*UPDATE, "--check", folder=folder)
    assert code == 1
    assert out == (
        "known.toml: nothing to change, but no run takes it\n"
        "without a reason: test_ours.py::TestOurs::test_it[1] (fail, core.config.key)\n"
        "without a reason: test_ours.py::TestOurs::test_it[2] (fail, core.config.key)\n"
    )
    assert err == f"note: {WAITING.format(2)}\n"


def test_reason_is_given_to_what_waits_for_one(folder):
    known = folder / "known.toml"
    expect(*UPDATE, folder=folder)
    known.write_text(known.read_text().replace('reason = "TODO', 'reason =  "TODO', 1))
    code, out, err = expect(*UPDATE, "--reason", "  the key\nis old", "--only", "*[1]", folder=folder)
    assert (code, err) == (0, f"note: {WAITING.format(1)}\n")
    assert out == (
        "known.toml: 2 kept, 1 given a reason\n  given a reason: test_ours.py::TestOurs::test_it[1] (fail, core.config.key)\n"
    )
    assert 'reason =  "the key is old"' in known.read_text()  # the rest stays as it is written
    code, out, err = expect(*UPDATE, "--reason", "issue 12", folder=folder)
    assert (code, out.splitlines()[0], err) == (0, "known.toml: 2 kept, 1 given a reason", "")
    code, output = judged(*suite(folder, {1, 2}))
    assert code == 0, output
    assert [line.partition(": ")[2] for line in output.splitlines() if line.startswith("  expected: ")] == [
        "test_ours.py::TestOurs::test_it[1]: the key is old",
        "test_ours.py::TestOurs::test_it[2]: issue 12",
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--only", "*"), 'none is given. Add --reason "why they fail"'),
        (
            ("--reason", "r", "--only", "*test_4", "--only", "test_toy.py::TestToy::test_x"),
            "--only 'test_toy.py::TestToy::test_x' means no entry: nothing was written. Nearest: test_toy.py::TestToy::test_4",
        ),
    ],
)
def test_only_that_does_nothing_is_told(tmp_path, options, told):
    code, out, err = expect(*UPDATE, *options, folder=report(tmp_path, samples.HISTORY[0]))
    assert (code, out) == (4, "")
    assert told in err
    assert err.count("\n") == 1
    assert not (tmp_path / "known.toml").exists()


def test_reason_for_what_has_one_is_told(folder):
    one, two = (f"test_ours.py::TestOurs::test_it[{number}]" for number in (1, 2))
    expect(*UPDATE, "--reason", "old", "--only", one, folder=folder)
    mine = (folder / "known.toml").read_text()
    kept = f"{one} (fail, core.config.key); --reason changes none that is there: write it in known.toml\n"
    told = f"note: 1 has a reason already, and keeps it: {kept}"
    code, out, err = expect(*UPDATE, "--reason", "new", "--only", one, folder=folder)
    assert (code, out) == (0, "known.toml: nothing to change: 2 kept\n")
    assert err == f"{told}note: {WAITING.format(1)}\n"
    assert (folder / "known.toml").read_text() == mine

    code, out, err = expect(*UPDATE, "--reason", "new", "--only", "*", folder=folder)
    assert f"  given a reason: {two} (fail, core.config.key)\n" in out
    assert err == told
    _, _, err = expect(*UPDATE, "--reason", "newer", folder=folder)
    assert err.startswith(f"note: 2 have a reason already, and keep it: {one} (fail, core.config.key), {two} ")
    _, _, err = expect(*UPDATE, "--reason", "new", "--only", two, folder=folder)
    assert err == "note: --reason was given to nothing: no entry that it means is without a reason\n"


def test_part_of_a_suite_changes_nothing_of_the_rest(folder):
    expect(*UPDATE, "--reason", "known", folder=folder)
    before = (folder / "known.toml").read_text()
    code, output = judged(*suite(folder, {1, 2}), "-k", "other")
    assert code == 0, output
    code, out, err = expect(*UPDATE, folder=folder)
    assert (code, out) == (0, "known.toml: nothing to change: 2 kept\n")
    assert err == "note: a part of the suite ran: 1 case in its report; entries of the other cases stay as they are\n"
    assert (folder / "known.toml").read_text() == before


@pytest.mark.parametrize(("ending", "told"), [(2, "the run was interrupted"), (3, "the run ended in an internal error")])
def test_report_of_a_run_that_was_cut_removes_nothing_of_what_did_not_run(tmp_path, ending, told):
    cut = samples.report("run.jsonl", (samples.who(), [samples.case(1), samples.case("2[a]")]), exit_code=ending, complete=False)
    folder, known = report(tmp_path, cut), tmp_path / "known.toml"
    entries = [
        f'[[expected]]\nmatch = "test_toy.py::TestToy::{name}"\noutcome = "fail"\nreason = "known"'
        for name in ("test_1", "test_2[*]", "test_3")
    ]
    known.write_text("\n\n".join(entries) + "\n")
    code, out, err = expect(*UPDATE, folder=folder)
    assert (code, out.splitlines()[0]) == (0, "known.toml: 2 kept, 1 removed")
    assert known.read_text() == "\n\n".join(entries[1:]) + "\n"
    why = "though not all of its cases that ran fail so: which others it means nobody knows"
    assert err.splitlines() == [
        f"note: {told}: 2 cases in its report; entries of the other cases stay as they are",
        f"note: test_toy.py::TestToy::test_2[*] (fail) stays, {why}",
    ]


def test_run_that_was_cut_before_its_first_case_is_told(tmp_path):
    cut = samples.report("run.jsonl", (samples.who(), []), exit_code=2, complete=False)
    code, out, err = expect(*UPDATE, folder=report(tmp_path, cut))
    assert (code, out) == (4, "")
    assert err.endswith("judges nothing of agents:livekit.plugins.toy==1.2.0: the run was interrupted. Write it again\n")


def test_help_teaches(tmp_path):
    code, out, _ = expect("--help", folder=tmp_path)
    assert code == 0
    assert "--only" in out
    assert "Exit codes:" in out
    assert max(map(len, out.splitlines())) <= 80


# what cannot be


def report(tmp_path, made):
    write(tmp_path / "run.jsonl", made)
    return tmp_path


def test_report_of_several_needs_a_name(tmp_path):
    folder = report(tmp_path, samples.SIDE_BY_SIDE)
    code, out, err = expect(*UPDATE, folder=folder)
    assert (code, out) == (4, "")
    assert err == (
        "mockvendors: run.jsonl is of 2 implementations. Name one by --implementation: "
        "agents:livekit.plugins.toy==1.2.0, node:@livekit/toy\n"
    )
    code, out, err = expect(*UPDATE, "--implementation", "node:@livekit/toi", folder=folder)
    assert (code, err) == (4, "mockvendors: run.jsonl has nothing of 'node:@livekit/toi'. Nearest: node:@livekit/toy\n")
    code, out, err = expect(*UPDATE, "--implementation", "node:@livekit/toy", folder=folder)
    assert (code, out.splitlines()[0]) == (0, "known.toml: 3 new")
    told = "the report is of 2 implementations, and the list is made true for node:@livekit/toy: it holds for the others"
    assert told in err
    _, _, err = expect(*UPDATE, "--implementation", "node:@livekit/toy", folder=folder)
    assert told not in err


def test_what_is_not_the_plugins_is_never_listed(tmp_path):
    folder = report(tmp_path, samples.EVERY)
    code, _, err = expect(*UPDATE, folder=folder)
    assert code == 0
    assert "2 cases were not judged: nothing was changed for them" in err
    text = (folder / "known.toml").read_text()
    assert {line for line in text.splitlines() if line.startswith("outcome")} == {
        'outcome = "fail"',
        'outcome = "timeout"',
        'outcome = "crash"',
    }
    assert not [number for number in (1, 5, 6, 8, 10) if f"test_{number}" in text.replace("test_11", "").replace("test_12", "")]
    assert 'reason = "it is known (Q1)"' in text


@pytest.mark.parametrize(
    ("made", "options", "told"),
    [
        (samples.NOTHING, UPDATE, "run.jsonl has nothing of ''. Known: none"),
        (samples.EVERY, ("--from", "none.jsonl"), "the report none.jsonl cannot be read: No such file or directory."),
        (
            samples.EVERY,
            ("--from", "run.jsonl"),
            "no file is named; known.toml is not below this folder. Write mockvendors expect update --from run.jsonl known.toml",
        ),
        (samples.HISTORY[0], ("--from", "run.jsonl"), "no file is named. Write mockvendors expect update"),
    ],
    ids=["nothing", "no-report", "no-list", "no-list-held"],
)
def test_what_cannot_be_is_told_in_one_line(tmp_path, made, options, told):
    code, out, err = expect(*options, folder=report(tmp_path, made))
    assert (code, out) == (4, "")
    assert err.startswith(f"mockvendors: {told}")
    assert err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.jsonl"]


def test_report_that_was_cut_changes_nothing(tmp_path):
    folder = report(tmp_path, samples.EVERY)
    data = (folder / "run.jsonl").read_bytes()
    (folder / "run.jsonl").write_bytes(data[: data.rindex(b'{"type":"footer"')])
    code, out, err = expect(*UPDATE, folder=folder)
    assert (code, out) == (4, "")
    assert "run.jsonl ends without a footer: the run that wrote it was cut, or the file was" in err
    assert not (folder / "known.toml").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[expected]\n", "the expectations file known.toml is not TOML: "),
        ("[project]\n", "known.toml holds ['project']. Only [[expected]] tables are known"),
        ('[[expected]]\nmatch = "a"\n', "known.toml, entry 1 lacks outcome, reason"),
        (
            '[[expected]]\nmatch = "a"\noutcome = "fail"\nreason = "r"\nuntil = 2020-01-01\n',
            "was excused until 2020-01-01. Remove",
        ),
    ],
)
def test_list_that_cannot_be_read_stays_as_it_is(tmp_path, text, told):
    folder = report(tmp_path, samples.EVERY)
    (folder / "known.toml").write_text(text)
    code, out, err = expect(*UPDATE, folder=folder)
    assert (code, out) == (4, "")
    assert told in err
    assert err.count("\n") == 1
    assert (folder / "known.toml").read_text() == text


def test_list_in_a_folder_that_is_none_is_told(tmp_path):
    folder = report(tmp_path, samples.EVERY)
    (folder / "notes").write_text("mine")
    code, out, err = expect("--from", "run.jsonl", "notes/known.toml", folder=folder)
    assert (code, out) == (7, "")
    assert err.startswith("mockvendors: the expectations file notes/known.toml cannot be written: ")


def test_link_to_a_list_stays_a_link(tmp_path):
    folder = report(tmp_path, samples.HISTORY[0])
    (folder / "lists").mkdir()
    (folder / "known.toml").symlink_to("lists/ours.toml")
    assert expect(*UPDATE, folder=folder)[0] == 0
    assert (folder / "known.toml").is_symlink()
    assert "test_4" in (folder / "lists/ours.toml").read_text()


def test_list_that_is_only_in_another_order_is_sorted(tmp_path):
    folder = report(tmp_path, samples.HISTORY[1])
    entries = [f'# About {name}.\n[[expected]]\nmatch = "*test_{name}"\noutcome = "fail"\nreason = "known"' for name in (4, 3)]
    (folder / "known.toml").write_text("# Mine.\n\n" + "\n\n".join(entries))
    assert expect(*UPDATE, folder=folder) == (0, "known.toml: 2 kept, sorted\n", "")
    assert (folder / "known.toml").read_text() == "# Mine.\n\n" + "\n\n".join(entries[::-1]) + "\n"
