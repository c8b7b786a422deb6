"""Drives a plugin for LiveKit Agents: what becomes of each command."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
from typing import Any

from .channel import Channel
from .commands import Commands, language
from .described import capabilities, load_description
from .errors import Message, Refused, Unsupported, describe_error, driver_error
from .loading import cannot, load
from .session import Session
from .workers import Workers

OWN = ("room", "job-only")
"""What holds for every plugin that this driver runs, because of the driver or of the framework."""
WORKERS_LIMIT = 0.5  # 0.02 s without a thread that hangs
CLOSE_LIMIT = 2.0  # one session at the driver's end


class Driver(Commands):
    """Drives one plugin."""

    def __init__(self, channel: Channel, module: str, description: str) -> None:
        super().__init__(channel)
        self.module = module
        self.description_path = description
        self.sessions: dict[str, Session] = {}
        self.workers = Workers()
        self.plugin: Any = None
        self.description: Any = None

    async def let_go(self) -> None:
        for session in list(self.sessions.values()):
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._in(session, session.close("job")), CLOSE_LIMIT)
        # The workers' own end waits for threads of theirs that have nothing to do any more; the process ends without them.
        await asyncio.wait({asyncio.ensure_future(self.workers.aclose())}, timeout=WORKERS_LIMIT)

    def described(self, exc: BaseException) -> Message:
        return describe_error(exc, self.plugin.__name__)

    async def work(self, cmd: str, request: Message) -> Message:
        if cmd == "open":
            return await self.open(request)
        session = self.sessions.get(request.get("session", ""))
        work = self._work(cmd, request)
        if work is None:
            raise Unsupported(f"no command {cmd!r}")
        if session is None or session.loop is None:
            raise Refused(driver_error(f"no open session {request.get('session')!r}"))
        return await self._in(session, work(session))

    @staticmethod
    def _work(cmd: str, request: Message) -> Any:
        return {
            "start": lambda s: s.start(request.get("options", {}), request.get("connection"), request.get("env")),
            "ready": lambda s: s.ready(request["timeout_ms"]),
            "speak": lambda s: s.speak(request["utterance"], request["file"]),
            "interrupt": lambda s: s.interrupt(),
            "inspect": lambda s: s.inspect(request.get("settle_ms", 0)),
            "close": lambda s: s.close(request.get("how", "graceful")),
        }.get(cmd)

    @staticmethod
    async def _in(session: Session, work: Any) -> Message:
        return await asyncio.wrap_future(session.submit(work))

    async def hello(self) -> Message:
        self.importing(self.module)
        try:
            self.plugin = load(self.module)
        except (Exception, SystemExit) as exc:
            raise cannot(f"the plugin {self.module} cannot be imported", exc, self.module) from exc
        self.importing(self.description_path, "description")
        self.description = load_description(self.description_path)
        self.importing(self.description_path, "capabilities")
        offered = capabilities(self.description, self.plugin, self.module)
        return {
            "driver": {"name": "livekit_agents", "language": language()},
            "implementation": self._implementation(),
            "capabilities": [*offered, *OWN],
        }

    def _implementation(self) -> Message:
        path = self.module.endswith(".py")
        name = getattr(self.plugin, "__name__", self.module) if path else self.module.replace(".", "-").replace("_", "-")
        return {
            "name": name,
            "version": getattr(self.plugin, "__version__", "0"),
            "framework": "livekit-agents",
            "framework_version": importlib.metadata.version("livekit-agents"),
            "livekit": importlib.metadata.version("livekit"),
        }

    async def open(self, request: Message) -> Message:
        session = Session(self, request)
        self.sessions[session.id] = session
        try:
            if request.get("job", True):
                await self.workers.open(session)
            else:
                await session.run_without_job()
        except Refused:
            self.sessions.pop(session.id, None)
            raise
        except Exception as exc:
            self.sessions.pop(session.id, None)
            raise Refused({**describe_error(exc), "kind": "room"}) from exc
        identity = session.context.local_participant_identity if session.context else None
        return {"identity": identity}
