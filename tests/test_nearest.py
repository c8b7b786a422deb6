"""The name that may be meant by one that does not exist, and how it is told."""

import pytest

from mockvendors.nearest import LINE, beside, near, remedy

KNOWN = ["startSession", "stopSession", "getAvatar"]
MANY = [f"{number:0>8}" for number in range(LINE)]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("startSesion", ["startSession", "stopSession"]),
        ("STARTSESSION", ["startSession", "stopSession"]),
        (" getavatar ", ["getAvatar"]),
        ("stop", ["stopSession"]),
        ("xyz", []),
        ("", []),
        (" ", []),
    ],
)
def test_likest_come_first_and_case_does_not_count(name, found):
    assert near(name, KNOWN, most=3) == found


def test_no_more_than_asked_for():
    assert near("startSesion", KNOWN) == ["startSession"]
    assert near("s", KNOWN, most=2) == ["startSession", "stopSession"]


def test_names_stand_in_brackets_behind_what_is_wrong():
    assert beside(["a", "b"]) == " (nearest: a, b)"
    assert beside([]) == ""


@pytest.mark.parametrize(
    ("name", "known", "where", "told"),
    [
        ("getAvatr", KNOWN, "", "Nearest: getAvatar"),
        ("getAvatr", KNOWN, "see there", "Nearest: getAvatar; see there"),
        ("xyz", KNOWN, "", "Known: startSession, stopSession, getAvatar"),
        ("xyz", KNOWN, "see there", "Known: startSession, stopSession, getAvatar; see there"),
        ("xyz", MANY, "see there", "See there"),
        ("xyz", MANY, "", f"Known: {', '.join(MANY)}"),
        ("xyz", [], "", "Known: none"),
    ],
)
def test_remedy_tells_the_nearest_else_all_else_where_they_stand(name, known, where, told):
    assert remedy(name, known, where) == told
