"""Raises a LookupError outside of a job, which no user of the framework expects."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.config.job"


class AvatarSession(reference.AvatarSession):
    def job(self):
        try:
            return super().job()
        except RuntimeError as error:
            raise LookupError("there is no job") from error
