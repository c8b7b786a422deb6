"""Asks the vendor for its sessions when it is closed."""

import aiohttp
import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.no-vendor-call"


class AvatarSession(reference.AvatarSession):
    async def aclose(self):
        if not self.session_id:
            await super().aclose()
            return
        async with aiohttp.ClientSession() as client, client.get(f"{self.address}/v1/sessions", headers=self.headers()):
            await super().aclose()
