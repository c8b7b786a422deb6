"""Goes on with the second call although the first refused the size."""

import reference_two_calls
from livekit.agents import APIStatusError
from reference_two_calls import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.size.refused-at-token"


class AvatarSession(reference_two_calls.AvatarSession):
    async def ask_for_token(self, body):
        try:
            return await super().ask_for_token(body)
        except APIStatusError as error:
            if "video" not in str(error.body):
                raise
            return self.key
