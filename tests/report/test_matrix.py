"""What a matrix says: order of versions, marks, which rows are equal."""

import msgspec
import pytest

from mockvendors.report.matrix import groups, matrix
from mockvendors.report.run_words import where
from mockvendors.report.view import view
from mockvendors.report.words import folded

from . import samples


def rows(found):
    return {row.case.rpartition("_")[2]: row for row in found.rows}


def test_versions_are_sorted_as_versions_and_marked_between_neighbours():
    found = matrix(samples.HISTORY)
    assert [column.label for column in found.columns] == ["1.2.0", "1.9.1", "1.10.0"]
    assert found.versions
    assert rows(found)["2"].changed == [False, False, True]
    assert rows(found)["3"].changed == [False, True, True]
    assert rows(found)["4"].changed == [False, False, False]
    assert [row.differs for row in found.rows] == [False, True, True, False]


def test_a_listed_failure_is_no_other_outcome():
    found = matrix(
        [samples.version("1", c1="fail"), samples.report("2", (samples.who("2"), [samples.case(1, "expected", "fail")]))]
    )
    assert rows(found)["1"].verdicts == ["fail", "expected"]
    assert rows(found)["1"].changed == [False, False]
    assert not rows(found)["1"].differs


def test_implementations_of_different_names_are_not_marked():
    found = matrix([samples.SIDE_BY_SIDE])
    assert not found.versions
    assert not any(any(row.changed) for row in found.rows)


def test_a_case_that_did_not_run_is_no_difference():
    found = matrix([samples.SIDE_BY_SIDE])
    assert rows(found)["5"].verdicts == [None, "pass"]
    assert not rows(found)["5"].differs


def test_changes_are_the_rows_that_differ():
    assert [row.case for row in view(samples.HISTORY, changes=True).matrix.rows] == [
        "test_toy.py::TestToy::test_2",
        "test_toy.py::TestToy::test_3",
    ]


def test_equal_rows_stand_together():
    found = groups(matrix([samples.SIDE_BY_SIDE]).rows)
    assert [len(group.rows) for group in found if group.first.differs] == [2]
    assert set(found[-1].first.verdicts) == {"pass"}


@pytest.mark.parametrize(
    ("reports", "labels"),
    [
        ([samples.version("1.0"), samples.version("2.0")], ["1.0", "2.0"]),
        ([samples.SIDE_BY_SIDE], ["livekit-plugins-toy 1.2.0", "toy-node 0.9"]),
        (
            [samples.report("old.jsonl", (samples.who(), [])), samples.report("new.jsonl", (samples.who(), []))],
            ["1.2.0 (old.jsonl)", "1.2.0 (new.jsonl)"],
        ),
    ],
)
def test_labels_are_short_and_different(reports, labels):
    assert [column.label for column in matrix(reports).columns] == labels


def test_different_suites_are_noted():
    other = samples.version("2.0", c1="pass")
    other.header.suites[:] = [
        samples.Suite(vendor="toy", digest="sha256:1", contract="2", contract_digest="sha256:2", profile_digest="3")
    ]
    assert list(matrix([samples.version("1.0", c1="pass"), other]).notes) == [
        "the reports were judged by different suites or mockvendors: a case may be missing in one, or judge something else",
        "the reports are of different contracts",
        "the reports are of different profiles: conformant does not mean the same in them",
    ]


def test_different_time_limits_are_noted():
    one, other = samples.version("1.0", c1="pass"), samples.version("2.0", c1="pass")
    slow = msgspec.structs.replace(other.header.environment, time_scale=3.0)
    other = msgspec.structs.replace(other, header=msgspec.structs.replace(other.header, environment=slow))
    assert list(matrix([one, other]).notes) == ["the reports were judged with different time limits x1, time limits x3"]
    assert " · time limits x3 · " in where(view([other]).runs[0])
    assert "time limits" not in where(view([one]).runs[0])


def test_names_of_one_function_fold():
    assert folded(["a::b[1]", "a::c", "a::b[2]", *(f"a::d[{n}]" for n in range(6))]) == [
        "a::b[1, 2]",
        "a::c",
        "a::d[0, 1, 2, 3 and 2 more]",
    ]
