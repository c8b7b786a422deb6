"""Sends the size that it takes for the model's own, where nobody asked for one."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.size.default"


OWN = {"cara-3": (720, 480), "cara-4": (1152, 768)}


class AvatarSession(reference.AvatarSession):
    def options(self):
        options, own = super().options(), OWN.get(self.wanted.avatarModel)
        return options or (dict(zip(("videoWidth", "videoHeight"), own, strict=True)) if own else {})
