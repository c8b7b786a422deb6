"""Tries again after statuses of 500 and above only, not after 408, 429 and 499."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.retry"


class AvatarSession(reference.AvatarSession):
    def worth_another_try(self, error):
        return getattr(error, "status_code", 500) >= 500 and super().worth_another_try(error)
