"""Sends the size or the disclosure, never both."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.options.disclosure"


class AvatarSession(reference.AvatarSession):
    def options(self):
        options = super().options()
        if "videoWidth" in options:
            options.pop("showAIAvatarDisclosure", None)
        return options
