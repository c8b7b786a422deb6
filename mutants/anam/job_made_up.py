"""Makes up a job where there is none."""

from types import SimpleNamespace

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.config.job"


class AvatarSession(reference.AvatarSession):
    def job(self):
        try:
            return super().job()
        except RuntimeError:
            return SimpleNamespace(job=SimpleNamespace(room=SimpleNamespace(name="a-room")), local_participant_identity="agent")
