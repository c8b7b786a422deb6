"""Raises the status without the vendor's words."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.body-kept"


class AvatarSession(reference.AvatarSession):
    def refusal(self, status, text):
        return super().refusal(status, "")
