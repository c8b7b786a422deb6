"""Names another room in the join token of an agent that has not joined its own yet."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.room"


class AvatarSession(reference.AvatarSession):
    def grants(self, job):
        grants = super().grants(job)
        if not job.room.isconnected():
            grants.room += "-avatar"
        return grants
