"""Makes the join token for another room than the job's."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.room"


class AvatarSession(reference.AvatarSession):
    def grants(self, job):
        grants = super().grants(job)
        grants.room += "-avatar"
        return grants
