"""Waits twice as long before each further try, though the user gave one interval."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.pause"


class AvatarSession(reference.AvatarSession):
    async def pause(self):
        self.waits = 2 * getattr(self, "waits", self.limits.retry_interval / 2)
        await asyncio.sleep(self.waits)
