"""Says that the avatar has joined, though it never does."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.timeout"


class AvatarSession(reference.AvatarSession):
    async def wait_for_join(self, *, timeout=30.0):  # noqa: ASYNC109  # the framework's own argument
        pass
