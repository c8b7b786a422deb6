"""Joins the avatar under another identity than users of this plugin know."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.identity"


class AvatarSession(reference.AvatarSession):
    def __init__(self, **arguments):
        super().__init__(**{"avatar_participant_identity": "avatar", **arguments})
