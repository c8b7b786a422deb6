"""A tone as the room heard it: torn, stretched, or whole."""

import pytest

from mockvendors.conformance.hearing import SLACK, Heard, one
from mockvendors.room.voice_report import Utterance


def part(begin, end, *gaps, pitch=443.0):
    return Utterance(begin, end, pitch, gaps)


@pytest.mark.parametrize(
    ("parts", "seconds", "holes"),
    [
        ([part(1.0, 1.4)], 0.4, ()),
        ([part(1.0, 1.6, 0.2)], 0.6, (0.2,)),
        ([part(1.0, 1.2), part(1.7, 1.9)], 0.4, (0.5,)),
        ([part(1.0, 1.2), part(1.7, 2.0, 0.1)], 0.5, (0.5, 0.1)),
    ],
)
def test_silence_inside_a_tone_is_a_hole(parts, seconds, holes):
    heard = one(parts)
    assert heard.seconds == pytest.approx(seconds)
    assert heard.holes == holes


def test_whole_tones_are_better_than_torn_ones_and_those_of_the_right_length_best():
    whole, long, short, torn = (Heard(0.41, 443.0, ()), Heard(0.6, 443.0, ()), Heard(0.2, 443.0, ()), Heard(0.4, 443.0, (0.3,)))
    assert sorted([torn, short, long, whole], key=lambda heard: heard.badness(0.4)) in (
        [whole, short, long, torn],
        [whole, long, short, torn],
    )
    assert whole.badness(0.4) <= (0.0, SLACK)
    assert all(heard.badness(0.4) > (0.0, SLACK) for heard in (long, short, torn))
