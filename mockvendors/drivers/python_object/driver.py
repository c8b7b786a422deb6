"""Reads commands, hands each to the object's method of its name, and answers it exactly once."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import json
import sys
import threading
import traceback
from typing import Any

from livekit_agents.channel import Channel  # type: ignore[import-not-found]  # found by the path of __main__, when this runs
from livekit_agents.driver import give_up, load_file, why_not  # type: ignore[import-not-found]  # as above
from livekit_agents.errors import Refused, Unsupported, driver_error  # type: ignore[import-not-found]  # as above
from livekit_agents.logs import SESSION  # type: ignore[import-not-found]  # as above

from .errors import described

Message = dict[str, Any]
PROTOCOL = 1
METHODS = ("open", "start", "ready", "speak", "interrupt", "inspect", "close")
ENDS = ("graceful", "job", "abrupt")
"""The ways to close after which a session is over."""
STOP_LIMIT = 2.5  # the object's own shutdown; then the process ends all the same


class Raised(Exception):
    """What came out of the object's hands: `__cause__` is its own exception."""


class ObjectDriver:
    """Serves one object."""

    def __init__(self, channel: Channel, module: str, factory: str) -> None:
        self._channel = channel
        self._module = module
        self._factory = factory
        self._object: Any = None
        self._sessions: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Answer until `shutdown` or the end of stdin."""
        reader = asyncio.StreamReader(limit=1 << 20)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            request = json.loads(line)
            if request.get("cmd") == "shutdown":
                self._channel.send({"id": request.get("id"), "ok": {}})
                break
            task = asyncio.ensure_future(self._answer(request))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        last_resort = threading.Timer(STOP_LIMIT, give_up)
        last_resort.daemon = True
        last_resort.start()
        await self._stop()

    async def _stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks))
        if hasattr(self._object, "shutdown"):
            with contextlib.suppress(Exception):
                await self._object.shutdown()

    async def _answer(self, request: Message) -> None:
        reply: Message = {"id": request.get("id")}
        try:
            reply["ok"] = await self._do(request)
        except Refused as exc:
            reply["error"] = exc.error
        except Raised as exc:
            reply["error"] = described(exc.__cause__ or exc, self._name())
        except Unsupported as exc:
            reply["unsupported"] = str(exc)
        except asyncio.CancelledError:
            reply["error"] = {"kind": "cancelled", "class": "CancelledError", "message": "the driver is shutting down"}
        except Exception as exc:
            traceback.print_exc()
            reply["error"] = driver_error(str(exc), exc)
        self._channel.send(reply)

    async def _do(self, request: Message) -> Message:
        cmd, session = request.get("cmd"), request.get("session")
        if cmd == "hello":
            return await self._hello(request)
        if cmd == "ping":
            return {}
        if self._object is None:
            raise Refused(driver_error("hello comes first"))
        if cmd not in METHODS or not hasattr(self._object, cmd):
            raise Unsupported(f"the object has no method {cmd}")
        if cmd != "open" and session not in self._sessions:
            raise Refused(driver_error(f"no open session {session!r}"))
        SESSION.set(session)
        ok = await self._call(cmd, {name: value for name, value in request.items() if name not in ("id", "cmd")})
        if cmd == "open":
            self._sessions.add(str(session))
        elif cmd == "close" and request.get("how", "graceful") in ENDS:
            self._sessions.discard(str(session))
        return ok

    async def _hello(self, request: Message) -> Message:
        if self._object is not None:
            raise Refused(driver_error("hello was said already"))
        if PROTOCOL not in request.get("protocol", []):
            raise Refused(driver_error(f"this driver speaks protocol {PROTOCOL} only"))
        self._object = self._made()
        greeting = await self._call("hello", {})
        driver = {"name": "python_object", "language": f"Python {sys.version.split()[0]}"}
        return {"protocol": PROTOCOL, "driver": driver, **greeting}

    def _made(self) -> Any:
        """Import the module and make the object. Raises Refused, of the kind that is told as the caller's mistake."""
        named = f"{self._module}:{self._factory}"
        try:
            file = self._module.endswith(".py")
            factory = getattr(load_file(self._module) if file else importlib.import_module(self._module), self._factory)
            made = factory(self._channel.event)
        except (Exception, SystemExit) as exc:
            traceback.print_exc()
            told = f"the object {named} cannot be made: {why_not(exc, self._module)}"
            raise Refused({"kind": "configuration", "class": type(exc).__name__, "message": told}) from exc
        if not hasattr(made, "hello"):
            told = f"the object {named} has no method hello, which returns its implementation and capabilities"
            raise Refused({"kind": "configuration", "class": "AttributeError", "message": told})
        return made

    async def _call(self, name: str, fields: Message) -> Message:
        """Await a method with the fields that it takes."""
        method = getattr(self._object, name)
        signature = inspect.signature(method)
        taken = signature.parameters
        if not any(each.kind is each.VAR_KEYWORD for each in taken.values()):
            fields = {field: value for field, value in fields.items() if field in taken}
        try:
            signature.bind(**fields)
        except TypeError as exc:
            raise Refused(driver_error(f"{name}() wants what the protocol does not have: {exc}", exc)) from exc
        try:
            ok = await method(**fields)
        except asyncio.CancelledError:
            raise
        except BaseException as exc:
            raise Raised(str(exc)) from exc
        if not isinstance(ok, (dict, type(None))):
            raise Refused(driver_error(f"{name}() returned {type(ok).__name__}, and not a dict of the reply's fields"))
        return ok or {}

    def _name(self) -> str:
        return type(self._object).__module__
