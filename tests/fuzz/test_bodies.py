"""What is put into one body is in no other: examples that share a value could not be repeated."""

import copy

from hypothesis import given, seed, settings

from .bodies import TRASH, into, spoilt
from .wire import as_json


def test_a_value_put_in_twice_is_two():
    body, shared = {}, {}
    into(body, ("personaConfig",), shared)
    into(body, ("personaConfig", "directorNotes"), shared)
    assert as_json(body) == b'{"personaConfig": {"directorNotes": {}}}'
    assert shared == {}


def test_bodies_leave_what_they_are_made_of_as_it_was(subject):
    before = copy.deepcopy(TRASH)

    @seed(0)
    @settings(max_examples=300, database=None, deadline=None)
    @given(spoilt(subject.raw["x-tables"], "personaConfig", "notes"))
    def make(body):
        as_json(body)

    make()
    assert before == TRASH
