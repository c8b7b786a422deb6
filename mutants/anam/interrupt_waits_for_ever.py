"""Waits for ever for an avatar that ignores the interrupt."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.interrupt.fallback"


class AvatarSession(reference.AvatarSession):
    def make_output(self, room):
        output = super().make_output(room)
        output._clear_buffer_timeout = None
        return output
