"""What changed between neighbours, and which entry explains it."""

from mockvendors.history.changes import changes, idle, unexplained

from .plans import because, name, plan, reports


def test_changes_are_those_between_neighbours():
    found = changes(plan(), reports())
    assert [(change.between, change.case, change.outcomes) for change in found] == [
        (("1.2.0", "1.9.1"), name(3), ("pass", "fail")),
        (("1.9.1", "1.10.0"), name(2), ("not claimed", "pass")),
        (("1.9.1", "1.10.0"), name(3), ("fail", "pass")),
    ]
    assert str(found[0]) == f"1.2.0 → 1.9.1: {name(3)}: pass → fail"


def test_an_entry_explains_its_pair_its_cases_and_its_outcomes():
    wrong_pair = because("1.2.0", "1.9.1", "*test_2")
    wrong_outcome = because("1.9.1", "1.10.0", "*", outcomes=("fail", "warn"))
    right = because("1.9.1", "1.10.0", "test_toy.py::*", outcomes=("fail", "pass"))
    found = changes(plan(wrong_pair, wrong_outcome, right), reports())
    assert [change.explanation for change in found] == [None, None, right]
    assert [str(change) for change in unexplained(found)] == [str(found[0]), str(found[1])]


def test_the_first_that_fits_explains():
    first, second = because("1.9.1", "1.10.0", "*", "one"), because("1.9.1", "1.10.0", "*", "two")
    found = changes(plan(first, second), reports())
    assert {change.explanation.why for change in found if change.explanation} == {"one"}


def test_an_entry_that_explains_nothing_is_told_with_its_place():
    over = because("1.9.1", "1.10.0", "*")
    no_case, hidden = because("1.2.0", "1.9.1", "*test_1"), because("1.9.1", "1.10.0", "*test_2")
    of = plan(over, no_case, hidden)
    assert idle(of, changes(of, reports())) == [
        "change 2 (1.2.0 → 1.9.1, *test_1) explains nothing",
        "change 3 (1.9.1 → 1.10.0, *test_2) explains nothing",
    ]


def test_parameters_are_no_pattern():
    bracket = because("1", "2", "test_x.py::T::test_a[1]")
    assert bracket.explains(("1", "2"), "test_x.py::T::test_a[1]", ("fail", "pass"))
    assert not bracket.explains(("1", "2"), "test_x.py::T::test_a1", ("fail", "pass"))
