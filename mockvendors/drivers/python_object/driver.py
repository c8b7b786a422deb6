"""Hands each command to the object's method of its name."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from typing import Any

from livekit_agents.channel import Channel  # type: ignore[import-not-found]  # found by the path of __main__, when this runs
from livekit_agents.commands import Commands, language  # type: ignore[import-not-found]  # as above
from livekit_agents.errors import PluginRaised, Refused, Unsupported, driver_error  # type: ignore[import-not-found]  # as above
from livekit_agents.loading import cannot, load  # type: ignore[import-not-found]  # as above
from livekit_agents.logs import SESSION  # type: ignore[import-not-found]  # as above

from .errors import described

Message = dict[str, Any]
METHODS = ("open", "start", "ready", "speak", "interrupt", "inspect", "close")
ENDS = ("graceful", "job", "abrupt")
"""The ways to close after which a session is over."""


class ObjectDriver(Commands):  # type: ignore[misc]  # as above
    """Serves one object."""

    def __init__(self, channel: Channel, module: str, factory: str) -> None:
        super().__init__(channel)
        self._module = module
        self._factory = factory
        self._object: Any = None
        self._sessions: set[str] = set()

    async def let_go(self) -> None:
        """Wait for what was cut off, and let the object shut down."""
        if self._tasks:
            await asyncio.wait(list(self._tasks))
        if hasattr(self._object, "shutdown"):
            with contextlib.suppress(Exception):
                await self._object.shutdown()

    def described(self, exc: BaseException) -> Message:
        """Normalise what the object raised."""
        return described(exc, type(self._object).__module__)

    async def work(self, cmd: str, request: Message) -> Message:
        """Await the method of that name."""
        session = request.get("session")
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

    async def hello(self) -> Message:
        """Make the object, and let it say who it is."""
        self._object = self._made()
        greeting = await self._call("hello", {})
        return {"driver": {"name": "python_object", "language": language()}, **greeting}

    def _made(self) -> Any:
        """Import the module and make the object. Raises Refused, of the kind that is told as the caller's mistake."""
        named = f"{self._module}:{self._factory}"
        self.importing(named)
        try:
            module = load(self._module)
            self.importing(named, "make")
            made = getattr(module, self._factory)(self.channel.event)
        except (Exception, SystemExit) as exc:
            raise cannot(f"the object {named} cannot be made", exc, self._module) from exc
        if not hasattr(made, "hello"):
            told = f"the object {named} has no method hello, which returns its implementation and capabilities"
            raise Refused({"kind": "configuration", "class": "AttributeError", "message": told})
        self.importing(named, "hello")
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
            raise PluginRaised(str(exc)) from exc
        if not isinstance(ok, (dict, type(None))):
            raise Refused(driver_error(f"{name}() returned {type(ok).__name__}, and not a dict of the reply's fields"))
        return ok or {}
