"""Sends Cara 4's size to every model, so that an older model refuses the start."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.size.default"


class AvatarSession(reference.AvatarSession):
    def options(self):
        options = super().options()
        return options or {"videoWidth": 720, "videoHeight": 480}
