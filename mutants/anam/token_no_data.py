"""Gives the avatar no right to send data: it could report no playback."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.grants"


class AvatarSession(reference.AvatarSession):
    def grants(self, job):
        grants = super().grants(job)
        grants.can_publish_data = False
        return grants
