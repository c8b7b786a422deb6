"""Waits for the avatar in a task from before the vendor's answer on, and goes on waiting when the start fails."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.clean-failure"


class AvatarSession(reference.AvatarSession):
    async def start(self, agent_session, room):
        self.joined = asyncio.Event()
        self.waiting = asyncio.create_task(self.wait())
        await super().start(agent_session, room)

    async def wait(self):
        await self.joined.wait()
