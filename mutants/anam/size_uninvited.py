"""Sends a size of its own when none was asked for."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.minimal"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {"videoWidth": 1152, "videoHeight": 768, **super().options()}
