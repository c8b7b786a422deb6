"""Returns from start before the vendor has answered."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.answered"


class AvatarSession(reference.AvatarSession):
    async def ask(self, body):
        self.asking = asyncio.ensure_future(super().ask(body))
        return {}
