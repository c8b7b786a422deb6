"""Posts the start twice, and so takes two slots."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.call.one"


class AvatarSession(reference.AvatarSession):
    async def ask(self, body):
        await super().ask(body)
        return await super().ask(body)
