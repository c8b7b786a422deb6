"""Takes an avatar model and never sends it."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.model"


class AvatarSession(reference.AvatarSession):
    def persona(self):
        persona = super().persona()
        persona.pop("avatarModel", None)
        return persona
