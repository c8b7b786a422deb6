"""Drops a preset style that it does not know, though the vendor would say what is wrong."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.notes.preset"


PRESETS = {"happy", "warm", "playful", "supportive", "sad", "angry", "distressed"}


class AvatarSession(reference.AvatarSession):
    def notes(self):
        notes = super().notes() or {}
        if notes.get("presetStyle") not in PRESETS:
            notes.pop("presetStyle", None)
        return notes or None
