"""Says in the join token of an agent that has not joined its room yet that the avatar speaks for nobody."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.publish-on-behalf"


class AvatarSession(reference.AvatarSession):
    def token(self, job, key, secret):
        token = super().token(job, key, secret)
        return token if job.room.isconnected() else token.with_attributes({})
