"""Gives up when a connection is reset, though one more try would do."""

import reference
from livekit.agents import APIConnectionError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.transport.reset"


class AvatarSession(reference.AvatarSession):
    def worth_another_try(self, error):
        return super().worth_another_try(error) and not isinstance(error, APIConnectionError)
