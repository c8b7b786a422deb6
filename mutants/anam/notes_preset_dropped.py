"""Never sends the preset style."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.options.director-notes"


class AvatarSession(reference.AvatarSession):
    def notes(self):
        notes = super().notes() or {}
        notes.pop("presetStyle", None)
        return notes or None
