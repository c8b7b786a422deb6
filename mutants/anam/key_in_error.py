"""Puts the API key into the error's text."""

import reference
from livekit.agents import APIStatusError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.errors.no-secret"


class AvatarSession(reference.AvatarSession):
    def refusal(self, status, text):
        return APIStatusError(f"Anam refused the key {self.key}", status_code=status, body=text)
