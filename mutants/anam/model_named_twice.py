"""Names the model a second time, by a field that the API does not know, where there are notes too."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.names"


class AvatarSession(reference.AvatarSession):
    def persona(self):
        persona = super().persona()
        return {**persona, "model": persona["avatarModel"]} if {"avatarModel", "directorNotes"} <= set(persona) else persona
