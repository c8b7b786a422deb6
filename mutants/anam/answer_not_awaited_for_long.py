"""Takes a vendor that has not answered after a moment for one that accepts."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.answered"


class AvatarSession(reference.AvatarSession):
    async def attempt(self, body):
        asked = self.asked = asyncio.ensure_future(super().attempt(body))
        await asyncio.wait({asked}, timeout=0.2)
        return asked.result() if asked.done() else {}
