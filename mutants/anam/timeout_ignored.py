"""Waits for ever for a vendor that accepts and says nothing."""

import aiohttp
import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.bounded"


class AvatarSession(reference.AvatarSession):
    def patience(self):
        return aiohttp.ClientTimeout(total=None)
