"""Calls the persona by a type of its own."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.persona"


class AvatarSession(reference.AvatarSession):
    def persona(self):
        return {**super().persona(), "type": "livekit"}
