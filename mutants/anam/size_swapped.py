"""Sends the width as the height, and the height as the width."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.size.forwarded"


class AvatarSession(reference.AvatarSession):
    def options(self):
        options = super().options()
        if "videoWidth" in options:
            options["videoWidth"], options["videoHeight"] = options["videoHeight"], options["videoWidth"]
        return options
