"""Sends width and height as texts, which the vendor refuses."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.size.forwarded"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {name: str(value) if name.startswith("video") else value for name, value in super().options().items()}
