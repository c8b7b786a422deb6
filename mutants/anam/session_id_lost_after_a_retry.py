"""Loses the session's id where the vendor accepts the second try."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.recover"


class AvatarSession(reference.AvatarSession):
    tried = 0

    async def attempt(self, body):
        self.tried += 1
        answer = await super().attempt(body)
        return answer if self.tried == 1 else {}
