"""Asks again without a size when the vendor refuses one, and tells nobody."""

import reference
from livekit.agents import APIStatusError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.size.pair"


class AvatarSession(reference.AvatarSession):
    async def ask(self, body):
        try:
            return await super().ask(body)
        except APIStatusError as error:
            if error.status_code == 400 and body.pop("sessionOptions", None):
                return await super().ask(body)
            raise
