"""Waits once more after the last try, before it tells of the failure."""

import reference
from livekit.agents import APIError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.pause"


class AvatarSession(reference.AvatarSession):
    async def attempt(self, body):
        try:
            return await super().attempt(body)
        except APIError:
            await super().pause()
            raise

    async def pause(self):
        pass
