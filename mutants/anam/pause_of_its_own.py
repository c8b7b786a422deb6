"""Waits three seconds between tries, whatever the connection options say."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.pause"


class AvatarSession(reference.AvatarSession):
    async def pause(self):
        await asyncio.sleep(3)
