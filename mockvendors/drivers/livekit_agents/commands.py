"""Reads commands, answers each exactly once, and ends: the loop of every driver in Python.

It travels with the ready driver, which lies beside the other: both run in the plugin's environment.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import sys
import threading
import traceback
from collections.abc import AsyncIterator

from .channel import Channel
from .errors import Message, PluginRaised, Refused, Unsupported, driver_error

PROTOCOL = 1
LINE_LIMIT = 1 << 20
"""Bytes of a request, as of every line of the protocol."""
STOP_LIMIT = 2.5  # closing all that is open; then the process ends all the same


class Commands:
    """Serves stdin; a driver says what becomes of a command."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._greeted = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def hello(self) -> Message:
        """Load what is driven, and return what `ok` holds beside the protocol."""
        raise NotImplementedError

    async def work(self, cmd: str, request: Message) -> Message:
        """Do a command that has no answer of its own here, and return what `ok` holds."""
        raise NotImplementedError

    def described(self, exc: BaseException) -> Message:
        """Normalise what came out of the hands of what is driven."""
        raise NotImplementedError

    async def let_go(self) -> None:
        """End whatever is open."""
        raise NotImplementedError

    async def serve(self) -> None:
        """Answer until `shutdown` or the end of stdin."""
        async for request in self._requests():
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
        for task in list(self._tasks):
            task.cancel()
        await self.let_go()

    async def _requests(self) -> AsyncIterator[Message]:
        """Yield each request; a line that is none is answered, and ends nothing."""
        reader = asyncio.StreamReader(limit=LINE_LIMIT)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while True:
            try:
                line = await reader.readline()
            except ValueError:
                self._nobodys(f"a line of more than {LINE_LIMIT} bytes")
                continue
            if not line:
                return
            try:
                request = json.loads(line)
            except (ValueError, RecursionError):
                request = None
            if isinstance(request, dict):
                yield request
            else:
                self._nobodys("a line that is not a JSON object")

    def _nobodys(self, why: str) -> None:
        self.channel.send({"id": None, "error": driver_error(why)})

    async def answer(self, request: Message) -> None:
        """Do what is asked, and answer it once, whatever becomes of it."""
        reply: Message = {"id": request.get("id")}
        try:
            reply["ok"] = await self.do(request)
        except Refused as exc:
            reply["error"] = exc.error
        except PluginRaised as exc:
            reply["error"] = self.described(exc.__cause__ or exc)
        except Unsupported as exc:
            reply["unsupported"] = str(exc)
        except asyncio.CancelledError:
            reply["error"] = {"kind": "cancelled", "class": "CancelledError", "message": "the driver is shutting down"}
        except Exception as exc:
            traceback.print_exc()
            reply["error"] = driver_error(str(exc), exc)
        self.channel.send(reply)

    async def do(self, request: Message) -> Message:
        """Return what `ok` holds. Raises Refused, PluginRaised, Unsupported."""
        cmd = request.get("cmd")
        if cmd == "hello":
            return await self._greet(request)
        if cmd == "ping":
            return {}
        if not self._greeted:
            raise Refused(driver_error("hello comes first"))
        return await self.work(str(cmd), request)

    async def _greet(self, request: Message) -> Message:
        if self._greeted:
            raise Refused(driver_error("hello was said already"))
        if PROTOCOL not in request.get("protocol", []):
            raise Refused(driver_error(f"this driver speaks protocol {PROTOCOL} only"))
        greeting = await self.hello()
        self._greeted = True
        return {"protocol": PROTOCOL, **greeting}

    def importing(self, what: str, step: str = "import") -> None:
        """Say what is done next on behalf of what is driven, until the greeting: it may end the process, or never come back."""
        self.channel.event("", "importing", what=what, step=step)
        self.channel.flush()


def language() -> str:
    """Return the driver's language with its version."""
    return f"Python {sys.version.split()[0]}"


def give_up() -> None:
    """End the process that does not end by itself, and say where it hung."""
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)
