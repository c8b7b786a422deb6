"""Sends showAIAvatarDisclosure false when nobody asked."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.minimal"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {"showAIAvatarDisclosure": False, **super().options()}
