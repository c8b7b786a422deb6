"""Brings the whole process down in start."""

import os

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.succeeds"


class AvatarSession(reference.AvatarSession):
    async def start(self, agent_session, room):
        os.abort()
