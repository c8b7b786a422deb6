"""Leaves the avatar in the room when it is closed."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.avatar-removed"


class AvatarSession(reference.AvatarSession):
    async def aclose(self):
        self._room = None
        await super().aclose()
