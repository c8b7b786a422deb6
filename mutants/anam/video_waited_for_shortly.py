"""Speaks to an avatar that shows no video after a moment."""

import asyncio
from contextlib import suppress

import reference
from livekit.agents import utils
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.video-before-audio"


class Output(reference.Output):
    async def _start_task(self):
        await utils.wait_for_participant(room=self._room, identity=self._destination_identity)
        with suppress(TimeoutError):
            async with asyncio.timeout(0.1):
                await super()._start_task()
        self._started = True


class AvatarSession(reference.AvatarSession):
    output = Output
