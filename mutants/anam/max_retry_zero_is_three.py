"""Takes a max_retry of zero for none given."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.max-retry"


class AvatarSession(reference.AvatarSession):
    def retries(self):
        return self.limits.max_retry or 3
