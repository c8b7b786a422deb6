"""Asks again after a refusal such as 400."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.no-retry"


class AvatarSession(reference.AvatarSession):
    def worth_another_try(self, error):
        return not any(cause in str(error.body) for cause in reference.HARD_LIMITS)
