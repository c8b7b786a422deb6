"""Makes the vendor an administrator of the room."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.grants"


class AvatarSession(reference.AvatarSession):
    def grants(self, job):
        grants = super().grants(job)
        grants.room_admin = True
        return grants
