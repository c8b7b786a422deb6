"""Takes 201 for a failure."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.start.succeeds"


class AvatarSession(reference.AvatarSession):
    def answer(self, status, content_type, text):
        return super().answer(500 if status == 201 else status, content_type, text)
