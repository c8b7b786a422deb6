"""Lets an answer that is cut off out as the HTTP library's own error."""

import aiohttp
import reference
from livekit.agents import APIConnectionError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.transport.cut"


class AvatarSession(reference.AvatarSession):
    async def attempt(self, body):
        try:
            return await super().attempt(body)
        except APIConnectionError as error:
            if isinstance(error.__cause__, aiohttp.ClientPayloadError):
                raise error.__cause__ from None
            raise
