"""Clamps an expressivity that cannot be, though the vendor would say what is wrong."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.notes.expressivity"


class AvatarSession(reference.AvatarSession):
    def notes(self):
        notes = super().notes()
        if notes and "expressivity" in notes:
            notes["expressivity"] = min(1, max(0, notes["expressivity"]))
        return notes
