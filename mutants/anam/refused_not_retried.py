"""Gives up when a connection is refused, though one more try might do."""

import aiohttp
import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.transport.refused"


class AvatarSession(reference.AvatarSession):
    def worth_another_try(self, error):
        return super().worth_another_try(error) and not isinstance(error.__cause__, aiohttp.ClientConnectorError)
