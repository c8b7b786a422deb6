"""Ignores the identity that the user asks for."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.identity"


class AvatarSession(reference.AvatarSession):
    def __init__(self, *, avatar_participant_identity=None, **arguments):
        super().__init__(**arguments)
