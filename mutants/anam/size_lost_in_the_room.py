"""Forgets a portrait size once the agent is in its room."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.size.exact"


class AvatarSession(reference.AvatarSession):
    def options(self):
        options = super().options()
        portrait = options.get("videoHeight", 0) > options.get("videoWidth", 0)
        return {} if portrait and self.job().room.isconnected() else options
