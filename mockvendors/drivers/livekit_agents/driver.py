"""Reads commands, answers each exactly once, and ends."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from .channel import Channel
from .errors import Message, PluginRaised, Refused, Unsupported, describe_error, driver_error
from .session import Session
from .workers import Workers

PROTOCOL = 1
OWN = ("room", "job-only")
"""What holds for every plugin that this driver runs, because of the driver or of the framework."""
WORKERS_LIMIT = 0.5  # 0.02 s without a thread that hangs
STOP_LIMIT = 2.5  # closing every session and worker; then the process ends all the same


class Driver:
    """Reads commands, answers each exactly once."""

    def __init__(self, channel: Channel, module: str, description: str) -> None:
        self.channel = channel
        self.module = module
        self.description_path = description
        self.sessions: dict[str, Session] = {}
        self.workers = Workers()
        self.plugin: Any = None
        self.description: Any = None
        self._greeted = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Answer until `shutdown` or the end of stdin."""
        reader = asyncio.StreamReader(limit=1 << 20)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            try:
                request = json.loads(line)
            except ValueError:
                self.channel.send({"id": None, "error": driver_error("a line that is not JSON")})
                continue
            if request.get("cmd") == "shutdown":
                self.channel.send({"id": request.get("id"), "ok": {}})
                break
            task = asyncio.ensure_future(self.answer(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        # Whatever hangs in a plugin, in the framework or in the native library must not keep the process alive.
        last_resort = threading.Timer(STOP_LIMIT, give_up)
        last_resort.daemon = True
        last_resort.start()
        await self.stop()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for session in list(self.sessions.values()):
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._in(session, session.close("job")), 2.0)
        # The workers' own end waits for threads of theirs that have nothing to do any more; the process ends without them.
        await asyncio.wait({asyncio.ensure_future(self.workers.aclose())}, timeout=WORKERS_LIMIT)

    async def answer(self, request: Message) -> None:
        reply: Message = {"id": request.get("id")}
        try:
            reply["ok"] = await self.do(request)
        except Refused as exc:
            reply["error"] = exc.error
        except PluginRaised as exc:
            reply["error"] = describe_error(exc.__cause__ or exc, self.plugin.__name__)
        except Unsupported as exc:
            reply["unsupported"] = str(exc)
        except asyncio.CancelledError:
            reply["error"] = {"kind": "cancelled", "class": "CancelledError", "message": "the driver is shutting down"}
        except Exception as exc:
            traceback.print_exc()
            reply["error"] = driver_error(str(exc), exc)
        self.channel.send(reply)

    async def do(self, request: Message) -> Message:
        cmd = request.get("cmd")
        if cmd == "hello":
            return self.hello(request)
        if cmd == "ping":
            return {}
        if not self._greeted:
            raise Refused(driver_error("hello comes first"))
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
    def _work(cmd: str | None, request: Message) -> Any:
        return {
            "start": lambda s: s.start(request.get("options", {}), request.get("connection"), request.get("env")),
            "ready": lambda s: s.ready(request["timeout_ms"]),
            "speak": lambda s: s.speak(request["utterance"], request["file"]),
            "interrupt": lambda s: s.interrupt(),
            "inspect": lambda s: s.inspect(request.get("settle_ms", 0)),
            "close": lambda s: s.close(request.get("how", "graceful")),
        }.get(cmd or "")

    @staticmethod
    async def _in(session: Session, work: Any) -> Message:
        return await asyncio.wrap_future(session.submit(work))

    def hello(self, request: Message) -> Message:
        if self._greeted:
            raise Refused(driver_error("hello was said already"))
        if PROTOCOL not in request.get("protocol", []):
            raise Refused(driver_error(f"this driver speaks protocol {PROTOCOL} only"))
        path = self.module.endswith(".py")
        self.channel.event("", "importing", what=self.module)
        self.channel.flush()
        try:
            self.plugin = load_file(self.module) if path else importlib.import_module(self.module)
        except (Exception, SystemExit) as exc:
            traceback.print_exc()
            told = f"the plugin {self.module} cannot be imported: {why_not(exc, self.module)}"
            raise Refused({"kind": "configuration", "class": type(exc).__name__, "message": told}) from exc
        self.description = load_file(self.description_path)
        try:
            capabilities = sorted(self.description.capabilities(self.plugin))
        except Exception as exc:
            told = f"{self.module} is not a plugin that {self.description_path} describes: {exc}"
            raise Refused({"kind": "configuration", "class": type(exc).__name__, "message": told}) from exc
        self._greeted = True
        return {
            "protocol": PROTOCOL,
            "driver": {"name": "livekit_agents", "language": f"Python {sys.version.split()[0]}"},
            "implementation": self._implementation(path),
            "capabilities": [*capabilities, *OWN],
        }

    def _implementation(self, path: bool) -> Message:
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


def why_not(exc: BaseException, module: str) -> str:
    """Return why a plugin cannot be imported; where it lacks something that it imports itself, what to do."""
    name = exc.name if isinstance(exc, ModuleNotFoundError) else None
    if name and f"{module}.".startswith(f"{name}."):
        return str(exc)
    if name:
        return f"it imports {name}, which its environment lacks ({sys.executable} -m pip install ...)"
    return f"it ends the process ({exc!r})" if isinstance(exc, SystemExit) else str(exc) or repr(exc)


def load_file(path: str) -> Any:
    """Import a Python file by its path, under its own name; its neighbours can be imported, as when it is run by hand."""
    folder = str(Path(path).resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def give_up() -> None:
    """End the process that does not end by itself, and say where it hung."""
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)
