"""Lets the avatar publish on behalf of itself, and not of the agent."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.publish-on-behalf"


class AvatarSession(reference.AvatarSession):
    def token(self, job, key, secret):
        return super().token(job, key, secret).with_attributes({"lk.publish_on_behalf": self.identity})
