"""Tells the status of the first try, whatever came of the later ones."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.status-kept"


class AvatarSession(reference.AvatarSession):
    first = None

    def refusal(self, status, text):
        self.first = self.first or super().refusal(status, text)
        return self.first
