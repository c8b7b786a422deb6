"""Ignores the name that the user asks for."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.name"


class AvatarSession(reference.AvatarSession):
    def token(self, job, key, secret):
        return super().token(job, key, secret).with_name("Anam")
