"""Takes any answer for JSON, whatever type it says."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.transport.content-type"


class AvatarSession(reference.AvatarSession):
    def answer(self, status, content_type, text):
        return super().answer(status, "application/json", text)
