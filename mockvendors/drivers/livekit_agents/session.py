"""One agent in one job: what the driver is asked, done in the job's own loop."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import os
import time
from typing import TYPE_CHECKING, Any

from .errors import Message, PluginRaised, Refused, Unsupported, driver_error, plugins_word
from .held import Tasks, listeners, waits
from .logs import SESSION
from .offered import make
from .pair import Pair

if TYPE_CHECKING:
    from .driver import Driver

ENDS = frozenset({"graceful", "avatar", "job", "abrupt"})


class Session:
    """One agent in one job: everything here runs in the job's own loop and thread."""

    def __init__(self, driver: Driver, fields: Message) -> None:
        self.driver = driver
        self.id: str = fields["session"]
        self.fields = fields
        self.loop: asyncio.AbstractEventLoop | None = None
        self.variables: contextvars.Context | None = None
        self.room: Any = None
        self.context: Any = None
        self.over: asyncio.Event | None = None
        self._pairs: list[Pair] = []
        self._tasks = Tasks()
        self._starting: asyncio.Task[Message] | None = None

    @property
    def _pair(self) -> Pair | None:
        """The last that started; a start that fails beside it changes nothing. Where none started, the last that tried."""
        return next((pair for pair in reversed(self._pairs) if pair.started), self._pairs[-1] if self._pairs else None)

    @property
    def pair(self) -> Pair:
        """The pair that commands act on; before the first start there is none, and whoever asked is at fault."""
        if self._pair is None:
            raise Refused(driver_error("start comes first"))
        return self._pair

    def event(self, name: str, **fields: Any) -> None:
        self.driver.channel.event(self.id, name, **fields)

    def _settle_in(self) -> asyncio.Event:
        SESSION.set(self.id)
        self.loop = asyncio.get_running_loop()
        self.variables = contextvars.copy_context()
        self.over = asyncio.Event()
        return self.over

    def submit(self, work: Any) -> concurrent.futures.Future[Message]:
        """Run a coroutine in the job's loop, in the entry point's context: `get_job_context()` is a context variable."""
        result: concurrent.futures.Future[Message] = concurrent.futures.Future()

        def finish(task: asyncio.Task[Message]) -> None:
            if result.cancelled():
                return
            if task.cancelled():
                result.cancel()
            elif (exc := task.exception()) is not None:
                result.set_exception(exc)
            else:
                result.set_result(task.result())

        assert self.loop is not None
        self.loop.call_soon_threadsafe(lambda: asyncio.ensure_future(work).add_done_callback(finish), context=self.variables)
        return result

    async def run_in_job(self, context: Any, entered: Any) -> None:
        """Be the job's entry point: join where a room is wanted, then serve commands until closed."""
        over = self._settle_in()
        self.context, self.room = context, context.room
        try:
            self.event("job_entered")
            if self.fields.get("connect", True):
                await context.connect()
        except BaseException as exc:
            entered(exc)
            raise
        entered(None)
        await over.wait()

    async def run_without_job(self) -> None:
        """Stand where user code without a job stands: no context, a room that was never connected."""
        from livekit import rtc

        self._settle_in()
        self.room = rtc.Room()

    async def start(self, options: Message, connection: Message | None, environment: Message | None) -> Message:
        """Make the avatar session; returns when the plugin's own start returns."""
        from livekit import agents

        limits = agents.APIConnectOptions(**connection) if connection is not None else None
        with changed_environment(environment or {}):
            avatar = make(self.driver.description, self.driver.plugin, options, self.fields["vendor"], limits)
            self._pairs.append(Pair(avatar, self.room, self.event))
            self._starting = asyncio.ensure_future(self._pairs[-1].start())
            try:
                return await self._starting
            except asyncio.CancelledError as exc:  # by a close beside it, or by the plugin itself
                raise PluginRaised(str(exc)) from exc
            finally:
                self._starting = None

    async def ready(self, timeout_ms: int) -> Message:
        """Wait as the plugin offers it."""
        return await self.pair.ready(timeout_ms)

    async def speak(self, utterance: str, file: str) -> Message:
        """Hand a sound to the agent's output as user code does."""
        return await self.pair.speak(utterance, file)

    async def interrupt(self) -> Message:
        """Interrupt as user code does."""
        with plugins_word():
            self.pair.agent.interrupt()
        return {}

    async def inspect(self, settle_ms: int = 0) -> Message:
        """Tell what only this process can see; tasks that came since it was last asked are given `settle_ms` to end."""
        tasks = await self._tasks.told(settle_ms / 1000) if self.context is not None else []  # else the loop is the driver's own
        return {
            **(self._pair.inspect() if self._pair else {"agent_listeners": {}}),
            "room_listeners": listeners(self.room),
            "tasks": tasks,
            "waits": waits(),
        }

    async def close(self, how: str) -> Message:
        """End it; docs/driver-protocol.md says what each `how` ends."""
        if how not in ENDS:
            raise Unsupported(f"no close {how!r}")
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait({self._starting})
        begin = time.monotonic()
        told = [await raised(self._pair.close)] if how in {"graceful", "avatar"} and self._pair is not None else []
        closed_ms = round((time.monotonic() - begin) * 1000)
        if how != "avatar":
            told += await self._end_job(how)
        for error in filter(None, told):
            raise error
        return {"closed_ms": closed_ms}

    async def _end_job(self, how: str) -> list[PluginRaised | None]:
        """End agents and job, whatever the plugin raises, and return that."""
        if how == "abrupt" and self.room.isconnected():
            await self.room.disconnect()
        told = [await raised(pair.end_agent) for pair in self._pairs if how != "abrupt"]
        if self.context is not None:
            self.context.shutdown(how)
        if self.over is not None:
            self.over.set()
        self.driver.sessions.pop(self.id, None)
        return told


async def raised(end: Any) -> PluginRaised | None:
    """End something of the plugin's, and return what came out of its hands."""
    try:
        await end()
    except PluginRaised as exc:
        return exc
    return None


@contextlib.contextmanager
def changed_environment(changes: Message) -> Any:
    """Set (or, with None, unset) variables for the time of one call of the plugin."""
    before = {name: os.environ.get(name) for name in changes}

    def apply(values: Message) -> None:
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    apply(changes)
    try:
        yield
    finally:
        apply(before)
