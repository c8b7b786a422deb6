"""Takes max_retry for the number of tries, and not of further tries."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.max-retry"


class AvatarSession(reference.AvatarSession):
    def retries(self):
        return max(0, super().retries() - 1)
