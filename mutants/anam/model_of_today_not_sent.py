"""Does not send the model that avatars have today, where it is asked for without a size."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.model"


class AvatarSession(reference.AvatarSession):
    def persona(self):
        persona = super().persona()
        if persona.get("avatarModel") == "cara-4" and not self.options():
            del persona["avatarModel"]
        return persona
