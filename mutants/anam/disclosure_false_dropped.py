"""Sends a disclosure that is asked for, and not one that is declined."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.options.disclosure"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {name: value for name, value in super().options().items() if value is not False}
