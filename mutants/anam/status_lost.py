"""Raises a connection error for every refusal: the status is lost."""

import reference
from livekit.agents import APIConnectionError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.status-kept"


class AvatarSession(reference.AvatarSession):
    def refusal(self, status, text):
        return APIConnectionError(f"Anam does not start the avatar: {text}", retryable=status >= 500)
