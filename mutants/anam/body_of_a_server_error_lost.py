"""Keeps nothing of what the vendor says beside a status of 500 and above."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.body-kept"


class AvatarSession(reference.AvatarSession):
    def refusal(self, status, text):
        return super().refusal(status, text if status < 500 else "")
