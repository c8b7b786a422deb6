"""Takes an expressivity of 0 for none."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.notes.optional"


class AvatarSession(reference.AvatarSession):
    def notes(self):
        return {name: value for name, value in (super().notes() or {}).items() if value} or None
