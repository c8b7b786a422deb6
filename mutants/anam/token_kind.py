"""Lets the avatar join as an ordinary participant."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.token.kind"


class AvatarSession(reference.AvatarSession):
    def token(self, job, key, secret):
        return super().token(job, key, secret).with_kind("standard")
