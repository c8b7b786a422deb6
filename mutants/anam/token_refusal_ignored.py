"""Goes on to the second call with the API key when the first refuses."""

import reference_two_calls
from livekit.agents import APIStatusError
from reference_two_calls import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.size.refused-at-token"


class AvatarSession(reference_two_calls.AvatarSession):
    async def ask_for_token(self, body):
        try:
            return await super().ask_for_token(body)
        except APIStatusError:
            return self.key
