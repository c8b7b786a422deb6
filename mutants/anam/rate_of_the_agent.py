"""Sends speech at whatever rate the agent speaks it."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.speech.rate"


class AvatarSession(reference.AvatarSession):
    def make_output(self, room):
        output = super().make_output(room)
        output._sample_rate = None
        return output
