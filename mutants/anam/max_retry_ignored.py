"""Tries four times, whatever max_retry says."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.max-retry"


class AvatarSession(reference.AvatarSession):
    def retries(self):
        return 3
