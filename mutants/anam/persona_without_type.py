"""Leaves personaConfig.type out."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.persona"


class AvatarSession(reference.AvatarSession):
    def persona(self):
        persona = super().persona()
        del persona["type"]
        return persona
