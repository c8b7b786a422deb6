"""Sends the API key in the body as well."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.minimal"


class AvatarSession(reference.AvatarSession):
    def body(self):
        return {**super().body(), "apiKey": self.key}
