"""Tells the vendor another address of the room server: http for ws."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.address"


class AvatarSession(reference.AvatarSession):
    def environment(self, url, token):
        return super().environment(url.replace("ws", "http", 1), token)
