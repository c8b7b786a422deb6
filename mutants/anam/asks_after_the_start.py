"""Asks the vendor how the session does, as soon as it is accepted."""

import aiohttp
import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.call.one"


class AvatarSession(reference.AvatarSession):
    async def ask(self, body):
        answer = await super().ask(body)
        path = f"{self.address}/v1/sessions/{answer.get('sessionId')}"
        async with aiohttp.ClientSession() as client, client.get(path, headers=self.headers()):
            return answer
