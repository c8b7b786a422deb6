"""Refuses to start in a room in which an earlier job of its process had an avatar."""

from typing import ClassVar

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.session.second"


class AvatarSession(reference.AvatarSession):
    jobs: ClassVar[dict[str, str]] = {}

    async def start(self, agent_session, room):
        job = self.job().job
        if self.jobs.setdefault(job.room.name, job.id) != job.id:
            raise RuntimeError("this room had its avatar")
        await super().start(agent_session, room)
