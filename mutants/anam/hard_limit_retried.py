"""Hammers a vendor that says that the spend cap is reached."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "anam.session.hard-limit"


class AvatarSession(reference.AvatarSession):
    def worth_another_try(self, error):
        return error.retryable
