"""Loses the expressivity where a preset is asked for too."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.options.director-notes"


class AvatarSession(reference.AvatarSession):
    def notes(self):
        notes = super().notes() or {}
        return {name: value for name, value in notes.items() if name != "expressivity" or "presetStyle" not in notes} or None
