"""Cuts a custom style that is too long, and tells nobody."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.notes.length"


class AvatarSession(reference.AvatarSession):
    def notes(self):
        notes = super().notes() or {}
        if "customStylePrompt" in notes:
            notes["customStylePrompt"] = notes["customStylePrompt"][:2000]
        return notes or None
