"""A report is read whole, or refused in a line that names file, place and remedy."""

import json

import jsonschema
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
    odd = samples.report("odd", (samples.who(), [samples.case(1, "fail", reason="a\u2028b\x85c\x1cd\ne")]))
    write(tmp_path / "odd.jsonl", odd)
    assert read(tmp_path / "odd.jsonl").cases[0].reason == odd.cases[0].reason


def test_unknown_fields_are_ignored(path):
    lines = [json.loads(line) | {"more": 1} for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert read(path).cases == samples.EVERY.cases


NEWER = {
    "suites": {"profile", "profile_digest"},
    "implementations": {"runtime"},
    "environment": {"os"},
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
        (lambda lines: edited(lines, 2, implementation="agents:other"), "of 'agents:other', which the header does not name"),
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
