"""Makes a join token that has expired already, for an agent that has not joined its room yet."""

from datetime import timedelta

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.expiry"


class AvatarSession(reference.AvatarSession):
    def token(self, job, key, secret):
        token = super().token(job, key, secret)
        return token if job.room.isconnected() else token.with_ttl(timedelta(seconds=-60))
