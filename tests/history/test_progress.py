"""What a person hears while a version is judged."""

import pytest

from mockvendors.history.run import far
from mockvendors.history.running import Judging


def judging(*lines, seconds):
    heard = Judging(began=0.0, clock=lambda: seconds)
    for line in lines:
        heard.hear(line)
    return heard


@pytest.mark.parametrize(
    ("lines", "seconds", "pace", "after", "told"),
    [
        ((), 12.0, [], 3, "is being prepared (12 s)"),
        (("test_a PASSED [  3/170]",), 20.0, [], 3, "3 of 170 cases"),
        (("test_a PASSED [  3/170]", "test_b FAILED [ 85/170]"), 30.0, [], 2, "85 of 170 cases, about 2 min 30 s left in all"),
        (("[gw0] [ 10/100] PASSED test_a",), 10.0, [50.0, 70.0], 1, "10 of 100 cases, about 1 min 54 s left in all"),
        (("test_a PASSED [100/100]",), 59.0, [60.0], 0, "100 of 100 cases, about 0 s left in all"),
    ],
)
def test_how_far_it_is(lines, seconds, pace, after, told):
    assert far(judging(*lines, seconds=seconds), pace, after) == told


@pytest.mark.parametrize(
    ("lines", "cause"),
    [
        (["collected 3 items", "ERROR: json is not a plugin", "the end"], "ERROR: json is not a plugin"),
        (["mockvendors: There is no vendor 'x'"], "mockvendors: There is no vendor 'x'"),
        (["Killed", ""], "Killed"),
        ([], "it said nothing"),
    ],
)
def test_the_line_that_says_why(lines, cause):
    assert judging(*(f"{line}\n" for line in lines), seconds=0).cause() == cause
