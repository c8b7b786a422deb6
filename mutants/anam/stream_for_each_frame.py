"""Opens a stream for each frame of speech."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.stream"


class Output(reference.Output):
    async def capture_frame(self, frame):
        await super().capture_frame(frame)
        await self._stream_writer.aclose()
        self._stream_writer = None


class AvatarSession(reference.AvatarSession):
    output = Output
