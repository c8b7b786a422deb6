"""Names the session options in snake case; the vendor drops what it does not know."""

import re

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.body.names"


class AvatarSession(reference.AvatarSession):
    def options(self):
        return {re.sub("([A-Z]+)", r"_\1", name).lower(): value for name, value in super().options().items()}
