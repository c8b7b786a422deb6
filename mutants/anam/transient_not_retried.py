"""Gives up at the first 503."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.retry"


class AvatarSession(reference.AvatarSession):
    def worth_another_try(self, error):
        return False
