"""Sends the disclosure as a text, which the vendor refuses."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.disclosure.type"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {name: str(value) if isinstance(value, bool) else value for name, value in super().options().items()}
