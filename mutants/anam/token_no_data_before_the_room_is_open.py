"""Makes a join token without the right to send data, for an agent that has not joined its room yet."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.grants"


class AvatarSession(reference.AvatarSession):
    def grants(self, job):
        grants = super().grants(job)
        grants.can_publish_data = job.room.isconnected()
        return grants
