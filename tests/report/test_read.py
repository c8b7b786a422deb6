"""A report is read whole, or refused in a line that names file, place and remedy."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from mockvendors.cli.report import Format, rendered
from mockvendors.errors import EnvironmentFault, UsageFault
from mockvendors.report.lines import SCHEMA, SCHEMA_FILE
from mockvendors.report.read import read
from mockvendors.report.view import view
from mockvendors.report.write import make_way, write

from . import samples


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "run.jsonl"
    write(file, samples.EVERY)
    return file


def test_what_is_written_is_read(path):
    found = read(path)
    assert (found.header, found.cases, found.footer) == (samples.EVERY.header, samples.EVERY.cases, samples.EVERY.footer)
    assert [file.name for file in path.parent.iterdir()] == ["run.jsonl"]


def test_text_with_a_line_separator_stays_one_line(tmp_path):
    odd = samples.report("odd", (samples.who(), [samples.case(1, "fail", reason="a\u2028b\x85c\x1cd\ne")]), exit_code=1)
    write(tmp_path / "odd.jsonl", odd)
    assert read(tmp_path / "odd.jsonl").cases[0].reason == odd.cases[0].reason


def test_unknown_fields_are_ignored(path):
    lines = [json.loads(line) | {"more": 1} for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert read(path).cases == samples.EVERY.cases


NEWER = {
    "suites": {"profile", "profile_digest", "commit"},
    "implementations": {"runtime"},
    "environment": {"os", "time_scale"},
    "judged": {"profile", "not_scored", "unjudged", "whole"},
    "case": {"scored", "witness"},
}
"""What reports of before do not have, by where it stands."""


def of_before(line):
    """Return a line as it was written before there were profiles and witnesses."""
    inner = line | {
        name: [{key: value for key, value in each.items() if key not in NEWER[name]} for each in line[name]]
        for name in ("suites", "implementations", "judged")
        if name in line
    }
    if "environment" in line:
        inner["environment"] = {key: value for key, value in line["environment"].items() if key not in NEWER["environment"]}
    return {key: value for key, value in inner.items() if line["type"] != "case" or key not in NEWER["case"]}


def test_report_of_before_is_read_and_printed(path):
    lines = [of_before(json.loads(line)) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert not [name for names in NEWER.values() for name in names if f'"{name}"' in path.read_text()]
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text()))
    for line in lines:
        validator.validate(line)
    found = read(path)
    assert [line.case for line in found.cases] == [line.case for line in samples.EVERY.cases]
    assert {line.scored for line in found.cases} == {True}
    assert found.footer.judged[0].whole is None
    for shape in Format:
        said = rendered(view([found]), shape)
        assert "profile:" not in said
        assert "self-reported" not in said


def test_cut_anywhere_it_is_refused(path):
    data = path.read_bytes()
    for end in range(0, len(data) - 2, 97):
        path.write_bytes(data[:end])
        with pytest.raises(UsageFault, match=r"cut|no header"):
            read(path)


def edited(lines, number, **fields):
    lines[number] = json.dumps(json.loads(lines[number]) | fields)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda lines: lines.pop(), "ends without a footer: the run that wrote it was cut, or the file was. Run again"),
        (lambda lines: lines.pop(3), "holds 17 cases, and its footer speaks of 18: it was edited"),
        (lambda lines: lines.insert(2, lines[-1]), r"run.jsonl:3: a footer among the cases"),
        (lambda lines: lines.insert(2, "{"), r"run.jsonl:3: no line of a report"),
        (lambda lines: lines.insert(2, ""), r"run.jsonl:3: no line of a report"),
        (lambda lines: edited(lines, 2, verdict=7), r"run.jsonl:3: no line of a report \(Expected `str`, got `int`"),
        (
            lambda lines: edited(lines, 2, implementation="agents:other"),
            "jsonl:3: the case is of 'agents:other', which the header",
        ),
        (lambda lines: edited(lines, 0, schema=SCHEMA + 1), r"of schema 2, and this mockvendors reads 1. Update mockvendors"),
        (lambda lines: lines.pop(0), "is no report: its first line is no header"),
        (lambda lines: lines.__setitem__(slice(None), ["<xml/>"]), "is no report: its first line is no header"),
        (lambda lines: lines.clear(), "is no report: its first line is no header"),
    ],
)
def test_what_was_edited_is_refused(path, edit, told):
    lines = path.read_text().splitlines()
    edit(lines)
    path.write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(UsageFault, match=told):
        read(path)


TOY = "agents:livekit.plugins.toy==1.2.0"


def judged(lines, **fields):
    footer = json.loads(lines[-1])
    footer["judged"][0] |= fields
    lines[-1] = json.dumps(footer)


def counts(lines, **numbers):
    judged(lines, counts={**json.loads(lines[-1])["judged"][0]["counts"], **numbers})


def whole(lines):
    """Make every case of the report a pass, and the footer say so."""
    for number in range(1, len(lines) - 1):
        edited(lines, number, verdict="pass", outcome="pass", broken=[], scored=True)
    judged(lines, counts={"pass": 18}, not_scored={}, conformant=True, conformance="yes", complete=True)
    edited(lines, -1, exit_code=0, complete=True)


def unverified(lines):
    """Of a whole report, leave one case not verified."""
    number = next(number for number, line in enumerate(lines) if json.loads(line).get("case", "").endswith("test_8"))
    edited(lines, number, verdict="not verified", outcome="not verified")
    judged(lines, counts={"pass": 17, "not verified": 1}, complete=False)
    edited(lines, -1, exit_code=6, complete=False)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            lambda lines: edited(lines, 8, verdict="pass"),
            "9: test_errors.py::TestErrors::test_refusal[400]: the verdict pass of the outcome fail",
        ),
        (
            lambda lines: edited(lines, 8, verdict="pass", outcome="pass"),
            "the outcome pass, with the broken rule core.errors.no-retry",
        ),
        (
            lambda lines: edited(lines, 17, outcome="error"),
            "18: test_toy.py::TestToy::test_9: the verdict expected of the outcome error",
        ),
        (
            lambda lines: edited(lines, 12, verdict="pass", outcome="pass"),
            f"20: of {TOY} the footer counts 6 pass, and its cases have 7",
        ),
        (lambda lines: counts(lines, fail=1), f"20: of {TOY} the footer counts 1 fail, and its cases have 3"),
        (lambda lines: counts(lines, stale=2), "the footer counts 2 stale, and its cases have 1"),
        (lambda lines: edited(lines, 11, scored=True), "the footer counts as not scored 1 fail, and its cases have 0"),
        (
            lambda lines: lines.__setitem__(3, lines[2]),
            f"4: test_toy.py::TestToy::test_many[b] of {TOY} stands in line 3 already",
        ),
        (
            lambda lines: judged(lines, conformant=True, conformance="yes"),
            "not say that it is not conformant, and test_errors.py::",
        ),
        (lambda lines: judged(lines, conformance="yes"), "the footer says 'no' as a fact, and 'yes' in words"),
        (lambda lines: judged(lines, complete=True), "the footer says that it is complete, and a case was not verified"),
        (
            lambda lines: judged(lines, implementation="agents:other"),
            "20: the footer judges 'agents:other', which the header does not",
        ),
        (lambda lines: edited(lines, -1, judged=[]), f"20: the footer judges {TOY} 0 times"),
        (
            lambda lines: edited(lines, -1, exit_code=0),
            "says exit code 0, and test_errors.py::TestErrors::test_refusal[400] is fail",
        ),
        (lambda lines: edited(lines, -1, complete=True), "that all is complete, and of an implementation that it is not"),
        (
            lambda lines: (whole(lines), edited(lines, -1, exit_code=2)),
            "that all is complete, and by its exit code 2 the run was interrupted",
        ),
        (
            lambda lines: (whole(lines), judged(lines, conformant=False, conformance="no: 1 failed")),
            "the footer says that it is not conformant, and each case that counts passes",
        ),
        (
            lambda lines: (whole(lines), unverified(lines), judged(lines, conformant=True)),
            "the footer says that it is conformant, and test_toy.py::TestToy::test_8 is not verified",
        ),
        (lambda lines: (whole(lines), judged(lines, unjudged=["toy.a"])), "conformant, and that not all was judged"),
        (
            lambda lines: (whole(lines), judged(lines, conformant=None)),
            "the footer says 'cannot be said' as a fact, and 'yes' in words",
        ),
    ],
)
def test_lines_that_contradict_each_other_are_refused(path, edit, told):
    lines = path.read_text().splitlines()
    edit(lines)
    path.write_text("".join(f"{line}\n" for line in lines))
    with pytest.raises(UsageFault) as caught:
        read(path)
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")
    assert str(caught.value).endswith(
        "it was edited. Run again with --report (mockvendors check) or --conformance-report (pytest)"
    )


def test_what_agrees_again_is_read(path):
    lines = path.read_text().splitlines()
    whole(lines)
    path.write_text("".join(f"{line}\n" for line in lines))
    assert read(path).footer.judged[0].conformant is True


@pytest.mark.parametrize(("fact", "words"), [(None, "cannot be said: 1 case not verified"), (False, "no: 1 case not verified")])
def test_what_was_not_judged_is_not_conformant_only_in_reports_of_before(path, fact, words):
    lines = path.read_text().splitlines()
    whole(lines)
    unverified(lines)
    judged(lines, conformant=fact, conformance=words)
    path.write_text("".join(f"{line}\n" for line in lines))
    assert read(path).footer.judged[0].conformant is fact


def test_no_file_and_no_text_are_told(tmp_path):
    with pytest.raises(UsageFault, match="cannot be read: No such file"):
        read(tmp_path / "none.jsonl")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageFault, match="not UTF-8"):
        read(tmp_path / "binary")


# writing


def test_a_report_of_before_goes_and_nothing_else(path, tmp_path):
    make_way(path)
    assert not path.exists()
    mine = tmp_path / "notes.txt"
    mine.write_text("mine")
    with pytest.raises(UsageFault, match=r"is there already, and is no report\. Name another file"):
        make_way(mine)
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("name", ["", "notes.txt/run.jsonl", "x" * 300])
def test_where_no_report_can_go_is_told(tmp_path, name):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageFault, match="cannot be written: "):
        make_way(tmp_path / name)


def test_one_folder_is_made_and_of_more_the_first_missing_is_named(tmp_path):
    make_way(tmp_path / "made" / "run.jsonl")
    assert (tmp_path / "made").is_dir()
    with pytest.raises(UsageFault) as caught:
        make_way(tmp_path / "typo" / "reports" / "run.jsonl")
    assert f"cannot be written: there is no folder {tmp_path}/typo. Name another file, or make the folder" in str(caught.value)
    assert not (tmp_path / "typo").exists()


def test_no_folder_is_made_at_the_root():
    with pytest.raises(UsageFault, match=r"there is no folder /no-such-folder-of-mockvendors\."):
        make_way(Path("/no-such-folder-of-mockvendors/run.jsonl"))
    assert not Path("/no-such-folder-of-mockvendors").exists()


def test_a_disk_that_refuses_leaves_nothing(tmp_path):
    (tmp_path / "run.jsonl").mkdir()
    with pytest.raises(EnvironmentFault, match="cannot be written: Is a directory"):
        write(tmp_path / "run.jsonl", samples.EVERY)
    assert [file.name for file in tmp_path.iterdir()] == ["run.jsonl"]


# the schema


def test_schema_names_the_same_fields(path):
    """A field that the schema does not describe would be nobody's; one that nobody writes would be a lie."""
    schema = json.loads(SCHEMA_FILE.read_text())
    for line in map(json.loads, path.read_text().splitlines()):
        agree(schema["$defs"][line["type"]], line, schema)


def agree(described, value, schema):
    described = schema["$defs"][described["$ref"].rpartition("/")[2]] if "$ref" in described else described
    if "oneOf" in described:
        described = next(one for one in described["oneOf"] if (one["type"] == "null") == (value is None))
    if isinstance(value, list) and value:
        agree(described["items"], value[0], schema)
    elif isinstance(value, dict) and "properties" in described:
        assert set(value) == set(described["properties"])
        for name, inner in value.items():
            agree(described["properties"][name], inner, schema)


@pytest.mark.parametrize("shape", [Format.TERMINAL, Format.MARKDOWN])
def test_what_an_implementation_ran_with_is_told_once(shape):
    both = view([samples.SIDE_BY_SIDE])
    assert rendered(both, shape).count(samples.PAIRED) == 1
    assert rendered(view([samples.SIDE_BY_SIDE], changes=True), shape).count(samples.PAIRED) == 1
    assert rendered(both.compared(), shape).count(samples.PAIRED) == 0


@pytest.mark.parametrize("shape", [Format.TERMINAL, Format.MARKDOWN])
def test_verdict_and_matrix_say_of_conformance_what_the_run_said(shape):
    sentence = "yes, in what it claims (2 cases not claimed)"
    cases = [
        samples.case(1),
        samples.case(2, "not claimed"),
        samples.case(3, "not claimed"),
        samples.case(4, "fail", scored=False),
    ]
    made = samples.report("a.jsonl", (samples.who("1"), cases), exit_code=1)
    said = [msgspec.structs.replace(each, conformance=sentence) for each in made.footer.judged]
    report = msgspec.structs.replace(made, footer=msgspec.structs.replace(made.footer, judged=said))
    for reports in ([report], [report, samples.version("2", c1="pass")]):
        shown = rendered(view(reports), shape)
        assert sentence in shown
        assert "toy/2026.1 · 1 not scored: 1 fail" in shown
