"""Shares one output between all sessions of the process."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.session.second"


class AvatarSession(reference.AvatarSession):
    shared = None

    def make_output(self, room):
        AvatarSession.shared = AvatarSession.shared or super().make_output(room)
        return AvatarSession.shared
