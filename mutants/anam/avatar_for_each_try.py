"""Makes a new identity for each try: a lost answer leaves two avatars."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.lost-answer"


class AvatarSession(reference.AvatarSession):
    async def attempt(self, body):
        tries = self.tries = getattr(self, "tries", 0) + 1
        if tries > 1:
            self.identity = f"{self.identity}-{tries}"
            body = self.body()
        return await super().attempt(body)
