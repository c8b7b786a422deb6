"""Asks for another avatar when its own leaves, even when it was closed."""

import asyncio

import reference
from livekit.agents import APIStatusError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.slot-freed"


class AvatarSession(reference.AvatarSession):
    async def aclose(self):
        await super().aclose()
        while self.session_id:
            try:
                self.session_id = (await self.ask(self.body())) and None
            except APIStatusError:  # the slot is not free yet
                await asyncio.sleep(0.05)
