"""The framework's own workers, which turn a session into a true job."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
from typing import TYPE_CHECKING, Any

from .errors import Message, Refused

if TYPE_CHECKING:
    from .session import Session

AGENT_NAME = f"mockvendors-driver-{secrets.token_hex(4)}"
"""Of this process alone: two runs on one LiveKit server must not take each other's jobs."""
REGISTRATION_LIMIT = 10.0  # a worker registers in 0.02 s on loopback; a LiveKit that is down is told of, not waited for
DISPATCH_PATIENCE = 2.0  # from dispatch to job entry: 0.2 s on an idle machine
DISPATCH_TRIES = 5


def no_load() -> float:
    """Report an idle machine: LiveKit gives no job to a worker that reports a full load, and a test machine is often full."""
    return 0.0


class Workers:
    """The `AgentServer`s of this process: one registered with each LiveKit, one that is registered nowhere."""

    def __init__(self) -> None:
        self._servers: dict[str, Any] = {}
        self._tasks: list[asyncio.Task[Any]] = []
        self.pending: dict[str, tuple[Session, asyncio.Future[None]]] = {}

    async def open(self, session: Session) -> None:
        """Run the session as a job: dispatched by LiveKit where a room is joined, launched directly where none is."""
        fields = session.fields
        livekit = fields["livekit"]
        connect = fields.get("connect", True)
        loop = asyncio.get_running_loop()
        entered: asyncio.Future[None] = loop.create_future()
        self.pending[fields["room"]] = (session, entered)
        # Before the server is made: older versions ask for an address even where they register nowhere.
        os.environ.update(
            LIVEKIT_URL=livekit["url"], LIVEKIT_API_KEY=livekit["api_key"], LIVEKIT_API_SECRET=livekit["api_secret"]
        )
        server = await self._server(livekit if connect else None)
        try:
            if connect:
                await self._dispatch_until(entered, livekit, fields["room"])
            else:
                await self._launch(server, livekit, fields)
            await entered
        finally:
            self.pending.pop(fields["room"], None)

    async def _server(self, livekit: Message | None) -> Any:
        from livekit import agents

        key = livekit["url"] if livekit else ""
        if key in self._servers:
            return self._servers[key]
        where = {"ws_url": livekit["url"], "api_key": livekit["api_key"], "api_secret": livekit["api_secret"]} if livekit else {}
        server = agents.AgentServer(
            job_executor_type=agents.JobExecutorType.THREAD,
            host="127.0.0.1",
            port=0,
            num_idle_processes=2,
            load_threshold=float("inf"),
            load_fnc=no_load,
            **where,
        )
        server.rtc_session(self._entry, agent_name=AGENT_NAME)
        up = asyncio.Event()
        server.on("worker_registered" if livekit else "worker_started", lambda *_: up.set())
        task = asyncio.ensure_future(server.run(unregistered=livekit is None))
        self._tasks.append(task)
        waiting = asyncio.ensure_future(up.wait())
        await asyncio.wait({task, waiting}, timeout=REGISTRATION_LIMIT, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not up.is_set():
            cause = task.exception() if task.done() and not task.cancelled() else None
            raise Refused(
                {
                    "kind": "room",
                    "class": "RegistrationFailed",
                    "message": f"the worker could not register with LiveKit: {cause or 'no answer'}",
                }
            )
        self._servers[key] = server
        return server

    async def _dispatch_until(self, entered: asyncio.Future[None], livekit: Message, room: str) -> None:
        """Ask LiveKit for the job again while nothing comes of it.

        It drops a dispatch, without a word to anybody, that arrives before the worker's registration is through.
        """
        for _ in range(DISPATCH_TRIES):
            await self._dispatch(livekit, room)
            await asyncio.wait({entered}, timeout=DISPATCH_PATIENCE)
            if entered.done():
                return
            sys.stderr.write(f"LiveKit began no job in {room} within {DISPATCH_PATIENCE:g} s: asking again\n")

    async def _dispatch(self, livekit: Message, room: str) -> None:
        from livekit import api

        async with api.LiveKitAPI(livekit["url"], livekit["api_key"], livekit["api_secret"]) as client:
            await client.agent_dispatch.create_dispatch(api.CreateAgentDispatchRequest(agent_name=AGENT_NAME, room=room))

    async def _launch(self, server: Any, livekit: Message, fields: Message) -> None:
        from livekit import api
        from livekit.protocol import models

        token = (
            api.AccessToken(livekit["api_key"], livekit["api_secret"])
            .with_identity(fields.get("identity") or "agent-" + fields["session"])
            .with_kind("agent")
            .with_grants(api.VideoGrants(room_join=True, room=fields["room"], agent=True))
            .to_jwt()
        )
        await server.simulate_job(
            fields["room"], room_info=models.Room(sid="RM_" + fields["room"], name=fields["room"]), token=token
        )

    async def _entry(self, context: Any) -> None:
        session, entered = self.pending.pop(context.job.room.name, (None, None))
        if session is None or entered is None:  # the second job of a dispatch that was asked for twice
            context.shutdown("nobody waits for this job")
            return
        main = entered.get_loop()

        def tell(exc: BaseException | None) -> None:
            def settle() -> None:
                if not entered.done():
                    entered.set_exception(exc) if exc else entered.set_result(None)

            main.call_soon_threadsafe(settle)

        await session.run_in_job(context, tell)

    async def aclose(self) -> None:
        for server in self._servers.values():
            await server.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
