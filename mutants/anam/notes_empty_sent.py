"""Sends directorNotes that hold nothing."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.notes.optional"


class AvatarSession(reference.AvatarSession):
    def notes(self):
        return reference.given(**vars(self.wanted.directorNotes)) if self.wanted.directorNotes else None
