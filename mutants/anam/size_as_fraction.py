"""Sends the sides of a picture as numbers with a fraction, which is zero."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.size.forwarded"


class AvatarSession(reference.AvatarSession):
    def options(self):
        sides = {"videoWidth", "videoHeight"}
        return {
            name: float(value) if name in sides and type(value) is int else value for name, value in super().options().items()
        }
