"""Waits until the avatar is there, and says then that it did not come in time."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.wait"


class AvatarSession(reference.AvatarSession):
    async def wait_for_join(self, *, timeout=30.0):  # noqa: ASYNC109  # the framework's own argument
        await super().wait_for_join(timeout=timeout)
        raise TimeoutError("the avatar did not come")
