"""Takes a size and never sends it."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.size.exact"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {name: value for name, value in super().options().items() if not name.startswith("video")}
