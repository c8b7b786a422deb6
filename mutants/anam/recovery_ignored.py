"""Asks again after a 500, and raises the first error although the second try was accepted."""

import reference
from livekit.agents import APIError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.recover"


class AvatarSession(reference.AvatarSession):
    first = None

    async def attempt(self, body):
        try:
            answer = await super().attempt(body)
        except APIError as error:
            self.first = error
            raise
        if self.first is not None:
            raise self.first
        return answer
