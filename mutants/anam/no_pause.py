"""Asks again at once, without the pause of the connection options."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.pause"


class AvatarSession(reference.AvatarSession):
    async def pause(self):
        pass
