"""Makes a join token that has expired."""

from datetime import timedelta

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.expiry"


class AvatarSession(reference.AvatarSession):
    def token(self, job, key, secret):
        return super().token(job, key, secret).with_ttl(timedelta(seconds=-60))
