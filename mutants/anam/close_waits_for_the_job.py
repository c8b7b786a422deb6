"""Leaves an avatar that has not spoken in the room until the job ends."""

from typing import ClassVar

import reference
from livekit.agents import APIStatusError
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.close.avatar-removed"


class AvatarSession(reference.AvatarSession):
    refused: ClassVar[set[str]] = set()
    made = None
    closed = False

    def make_output(self, room):
        self.made = super().make_output(room)
        return self.made

    async def start(self, agent_session, room):
        try:
            await super().start(agent_session, room)
        except APIStatusError:
            self.refused.add(self.job().job.id)
            raise

    async def aclose(self):
        first, self.closed = not self.closed, True
        idle = self.made is not None and not self.made.captured_playout_segments
        if first and idle and self.job().job.id not in self.refused:
            return
        await super().aclose()
