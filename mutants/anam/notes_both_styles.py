"""Drops the custom style silently when a preset is given too."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.notes.exclusive"


class AvatarSession(reference.AvatarSession):
    def notes(self):
        notes = super().notes() or {}
        if "presetStyle" in notes:
            notes.pop("customStylePrompt", None)
        return notes or None
