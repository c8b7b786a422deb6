"""Gives up after one reset of the connection, for an agent that has not joined its room yet."""

import aiohttp
import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.transport.reset"


class AvatarSession(reference.AvatarSession):
    def worth_another_try(self, error):
        refused = isinstance(error.__cause__, aiohttp.ClientConnectorError)
        reset = isinstance(error.__cause__, (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)) and not refused
        return super().worth_another_try(error) and (not reset or self.job().room.isconnected())
