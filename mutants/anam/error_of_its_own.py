"""Raises an error of its own when the vendor is busy."""

import reference
from livekit.agents import APIStatusError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.family"


class AvatarSession(reference.AvatarSession):
    async def ask(self, body):
        try:
            return await super().ask(body)
        except APIStatusError as error:
            if error.status_code != 503:
                raise
            raise LookupError(f"{error.status_code} {error.body}") from error
