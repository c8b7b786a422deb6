"""Interrupts the avatar twice."""

import reference
from reference import *  # noqa: F403  # a mutant offers what the reference offers

RULE = "core.interrupt.clear-buffer"


class Output(reference.Output):
    async def _clear_buffer_task(self, *arguments):
        call = {"destination_identity": self._destination_identity, "method": "lk.clear_buffer", "payload": ""}
        await self._room.local_participant.perform_rpc(**call)
        await super()._clear_buffer_task(*arguments)


class AvatarSession(reference.AvatarSession):
    output = Output
