"""Sends the disclosure as a text where it is the only option."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.disclosure.type"


class AvatarSession(reference.AvatarSession):
    def options(self):
        options = super().options()
        return {name: str(value).lower() for name, value in options.items()} if len(options) == 1 else options
