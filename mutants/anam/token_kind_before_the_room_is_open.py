"""Makes a join token of no kind for an agent that has not joined its room yet."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.kind"


class AvatarSession(reference.AvatarSession):
    def token(self, job, key, secret):
        token = super().token(job, key, secret)
        return token if job.room.isconnected() else token.with_kind("standard")
