"""Drops what is said to an avatar that has left before its video, and tells nobody."""

import asyncio

import reference
from livekit.agents import utils
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.leaves-early"


class Output(reference.Output):
    gone = False

    async def _start_task(self):
        await utils.wait_for_participant(room=self._room, identity=self._destination_identity)
        try:
            await utils.wait_for_track_publication(
                room=self._room, identity=self._destination_identity, kind=self._wait_remote_track
            )
        except RuntimeError:
            self.gone = True
        self._started = True

    async def capture_frame(self, frame):
        await asyncio.shield(self._start_atask)
        if not self.gone:
            await super().capture_frame(frame)


class AvatarSession(reference.AvatarSession):
    output = Output
