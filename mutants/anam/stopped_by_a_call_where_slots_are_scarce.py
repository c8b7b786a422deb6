"""Ends a session by a call of the vendor, where another was refused for want of a slot."""

from typing import ClassVar

import aiohttp
import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.slot-freed"


class AvatarSession(reference.AvatarSession):
    scarce: ClassVar[set[str]] = set()

    def refusal(self, status, text):
        if "Concurrent session limit" in text:
            self.scarce.add(self.job().job.id)
        return super().refusal(status, text)

    async def aclose(self):
        if self.session_id and self.job().job.id in self.scarce:
            path = f"{self.address}/v1/sessions/{self.session_id}/stop"
            async with aiohttp.ClientSession() as client, client.post(path, json={}, headers=self.headers()):
                self.session_id = None
        await super().aclose()
