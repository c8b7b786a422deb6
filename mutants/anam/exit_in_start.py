"""Ends the whole process in start, as a program would."""

import sys

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.succeeds"


class AvatarSession(reference.AvatarSession):
    async def start(self, agent_session, room):
        sys.exit(1)
