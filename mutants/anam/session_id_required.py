"""Fails when the answer names no session."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.transport.empty-object"


class AvatarSession(reference.AvatarSession):
    def read(self, text):
        answer = super().read(text)
        return {**answer, "sessionId": answer["sessionId"]}
