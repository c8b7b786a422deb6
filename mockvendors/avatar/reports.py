"""Playback events to the agent, in order, each by one remote call."""

import asyncio
import json

from livekit import rtc

from mockvendors import limits
from mockvendors.avatar.log import AvatarLog

PLAYBACK_STARTED = "lk.playback_started"
PLAYBACK_FINISHED = "lk.playback_finished"


class Reports:
    """An outbox; failures end in the log, never in an exception."""

    def __init__(self, room: rtc.Room, log: AvatarLog) -> None:
        self._room = room
        self._log = log
        self._queue: asyncio.Queue[tuple[str, str, str]] = asyncio.Queue()
        self._unknown: set[tuple[str, str]] = set()

    def started(self, agent: str) -> None:
        """Tell the agent that a segment plays."""
        self._queue.put_nowait((agent, PLAYBACK_STARTED, ""))

    def finished(self, agent: str, position: float, *, interrupted: bool) -> None:
        """Tell the agent that a segment is over after `position` seconds."""
        payload = json.dumps({"playback_position": round(position, 4), "interrupted": interrupted})
        self._queue.put_nowait((agent, PLAYBACK_FINISHED, payload))

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            agent, method, payload = await self._queue.get()
            if (agent, method) not in self._unknown:
                await self._call(agent, method, payload)

    async def _call(self, agent: str, method: str, payload: str) -> None:
        try:
            answer = await self._room.local_participant.perform_rpc(
                destination_identity=agent,
                method=method,
                payload=payload,
                response_timeout=limits.scaled(limits.AVATAR_RPC),
            )
        except rtc.RpcError as error:
            unsupported = error.code == rtc.RpcError.ErrorCode.UNSUPPORTED_METHOD
            if unsupported and method == PLAYBACK_STARTED:
                self._unknown.add((agent, method))
            self._log.add("rpc_failed", method=method, code=int(error.code), cause=error.message, to=agent)
            return
        self._log.add("rpc_answered", method=method, answer=answer, to=agent)
