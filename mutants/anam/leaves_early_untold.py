"""Takes what is said to an avatar that has left before its video for over, and tells nobody that it was not heard."""

import asyncio

import reference
from livekit.agents import utils
from livekit.agents.voice.io import AudioOutput
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.leaves-early"


class Output(reference.Output):
    gone = False

    async def _start_task(self):
        who = self._destination_identity
        await utils.wait_for_participant(room=self._room, identity=who)
        try:
            await utils.wait_for_track_publication(room=self._room, identity=who, kind=self._wait_remote_track)
        except RuntimeError:
            self.gone = True
        self._started = True

    async def capture_frame(self, frame):
        await asyncio.shield(self._start_atask)
        self.gone = self.gone and self._destination_identity not in self._room.remote_participants
        if self.gone:
            await AudioOutput.capture_frame(self, frame)  # counted, and not sent
        else:
            await super().capture_frame(frame)

    def flush(self):
        super().flush()
        if self.gone:
            self.on_playback_finished(playback_position=0, interrupted=False)


class AvatarSession(reference.AvatarSession):
    output = Output
