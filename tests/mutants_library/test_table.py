"""What a run over many mutants found: each kind has its line, its total and its exit code."""

import pytest

from mockvendors.mutants import Kind, Mutant, Outcome
from mockvendors.mutants.table import as_data, exit_code, render

WRONG = Mutant("late", "Comes late.", "core.a", "agents:late.py")
RIGHT = Mutant("reference", "Nothing.", "", "agents:reference.py")
CAUGHT, CLEAN = Outcome(WRONG, Kind.CAUGHT), Outcome(RIGHT, Kind.CLEAN)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 5),
        ([CAUGHT, CLEAN], 0),
        ([CAUGHT, Outcome(WRONG, Kind.MISSED)], 1),
        ([CAUGHT, Outcome(WRONG, Kind.WRONG_RULE)], 1),
        ([CAUGHT, Outcome(RIGHT, Kind.FALSE_ALARM)], 1),
        ([Outcome(WRONG, Kind.MISSED), Outcome(WRONG, Kind.FAULT)], 7),
    ],
)
def test_exit_code(outcomes, code):
    assert exit_code(outcomes) == code
    assert as_data(outcomes)["exit_code"] == code


def test_only_what_is_not_as_it_should_be_has_a_line():
    missed = Outcome(Mutant("early", "Comes early.", "core.b", "agents:early.py"), Kind.MISSED, told="2 cases failed nothing")
    lines = render([CAUGHT, CLEAN, missed]).splitlines()
    assert lines[0] == "missed: early (core.b): 2 cases failed nothing"
    assert not any("late" in line or "reference" in line for line in lines)


def test_totals_are_of_mutants_or_of_correct_ones():
    told = [line.split() for line in render([CAUGHT, Outcome(WRONG, Kind.MISSED), CLEAN]).splitlines()]
    totals = {" ".join(words[:-3]): " ".join(words[-3:]) for words in told if words[-2:-1] == ["of"]}
    assert totals["caught by the named rule"] == "1 of 2"
    assert totals["missed"] == "1 of 2"
    assert totals["correct, and nothing failed"] == "1 of 1"
    assert totals["false alarms on correct ones"] == "0 of 1"


def test_data_names_each_mutant():
    told = as_data([CLEAN, CAUGHT])
    assert [each["mutant"] for each in told["mutants"]] == ["late", "reference"]
    assert told["totals"]["caught"] == 1
    assert told["totals"]["fault"] == 0
