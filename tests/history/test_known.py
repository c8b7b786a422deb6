"""What was known of one of them before: found by the cases that are to find it, or told."""

import pytest

from mockvendors.history.known import tables, unfound
from mockvendors.history.plan import Known, Plan

from .plans import plan, reports


def with_known(*match, of="1.9.1"):
    known = Known(of=of, match=match, what="It | forgets.", source="its tracker")
    return Plan(vendor="toy", implementations=plan().implementations, known=[known])


def test_a_defect_that_is_found_has_a_row_with_its_neighbour():
    of = with_known("*test_3", "*test_4")
    assert unfound(of, reports()) == []
    title, table = tables(of, reports())
    assert title == "### What was known of 1.9.1, and is found"
    assert table.splitlines()[0] == "| known | found by | 1.9.1 | 1.2.0 | because |"
    assert table.splitlines()[2:] == [
        "| It \\| forgets. (its tracker) | `TestToy::test_3` | fail | pass |  |",
        "| It \\| forgets. (its tracker) | `TestToy::test_4` | fail | fail |  |",
    ]


@pytest.mark.parametrize(
    ("match", "told"),
    [
        ("*test_1", "known 1 (1.9.1: It | forgets.) is not found: test_toy.py::TestToy::test_1: pass"),
        ("*test_2", "known 1 (1.9.1: It | forgets.) is not found: test_toy.py::TestToy::test_2: not claimed"),
        ("*test_9", "known 1 (1.9.1: It | forgets.) matches no case: *test_9"),
    ],
)
def test_a_defect_that_is_not_found_is_told(match, told):
    assert unfound(with_known(match), reports()) == [told]
