"""Calls the vendor when it is closed, which this vendor's sessions do not need."""

import aiohttp
import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.no-vendor-call"


class AvatarSession(reference.AvatarSession):
    async def aclose(self):
        if self.session_id:
            async with aiohttp.ClientSession() as client:
                await client.post(f"{self.address}/v1/sessions/{self.session_id}/stop", json={}, headers=self.headers())
            self.session_id = None
        await super().aclose()
