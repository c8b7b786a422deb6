"""Hands speech on at 16000 samples a second."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.speech.rate"


class AvatarSession(reference.AvatarSession):
    def make_output(self, room):
        output = super().make_output(room)
        output._sample_rate = 16_000
        return output
