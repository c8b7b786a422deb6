"""Waits for ever for an avatar that has left before its video."""

import contextlib

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.join.leaves-early"


class Output(reference.Output):
    async def _start_task(self):
        while not self._started:
            with contextlib.suppress(RuntimeError):
                await super()._start_task()


class AvatarSession(reference.AvatarSession):
    output = Output
