"""Closes the stream of an utterance with a reason, as one that broke."""

import asyncio

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.speech.segment-end"


class Output(reference.Output):
    def flush(self):
        writer, self._stream_writer = self._stream_writer, None
        super().flush()
        if writer is not None:
            task = asyncio.create_task(writer.aclose(reason="end of speech"))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


class AvatarSession(reference.AvatarSession):
    output = Output
