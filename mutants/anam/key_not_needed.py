"""Goes on without an API key."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.config.key"


class AvatarSession(reference.AvatarSession):
    def find_key(self, api_key):
        return api_key or "none"
