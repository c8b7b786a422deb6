"""Cannot be closed a second time."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.twice"


class AvatarSession(reference.AvatarSession):
    async def aclose(self):
        if self._room is None:
            raise RuntimeError("the avatar is closed already")
        await super().aclose()
