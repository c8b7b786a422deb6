"""Sends the API key without the scheme Bearer."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.auth.bearer"


class AvatarSession(reference.AvatarSession):
    def headers(self):
        return {"Authorization": self.key}
