"""One agent in one job, and what its user would do with it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import contextvars
import os
import time
import traceback
import wave
from typing import TYPE_CHECKING, Any

from .errors import Message, Refused, describe_error, driver_error

if TYPE_CHECKING:
    from .driver import Driver

FRAME_SECONDS = 0.02


def tone_frames(path: str) -> Any:
    """Yield a WAV file (s16le) as frames of 20 ms."""
    from livekit import rtc

    with wave.open(path, "rb") as sound:
        rate, channels = sound.getframerate(), sound.getnchannels()
        size = int(rate * FRAME_SECONDS)
        while data := sound.readframes(size):
            yield rtc.AudioFrame(data, rate, channels, len(data) // (2 * channels))


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
        self.agent: Any = None
        self.avatar: Any = None
        self.over: asyncio.Event | None = None
        self._started = False
        self._handles: dict[str, Any] = {}
        self._starting: asyncio.Task[Any] | None = None

    def event(self, name: str, **fields: Any) -> None:
        self.driver.channel.event(self.id, name, **fields)

    def _settle_in(self) -> asyncio.Event:
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

        self.agent = agents.AgentSession()
        self.agent.on("agent_state_changed", lambda e: self.event("agent_state", state=e.new_state, old=e.old_state))
        self.agent.on("metrics_collected", self._on_metrics)
        limits = agents.APIConnectOptions(**connection) if connection is not None else None
        with changed_environment(environment or {}):
            self.avatar = self._make(options, limits)
            self._starting = asyncio.ensure_future(self._start())
            try:
                await self._starting
            except Refused:
                raise
            except BaseException as exc:
                raise Refused(describe_error(exc)) from exc
            finally:
                self._starting = None
        self._watch_output()
        return {
            "avatar_identity": getattr(self.avatar, "avatar_identity", None),
            "vendor_session": getattr(self.avatar, "session_id", None),
        }

    async def _start(self) -> None:
        try:
            await self.avatar.start(self.agent, room=self.room)
        except (SystemExit, KeyboardInterrupt) as exc:  # these would end the job's loop, and the answer with it
            raise Refused(describe_error(exc)) from exc

    def _make(self, options: Message, limits: Any) -> Any:
        try:
            return self.driver.description.make(self.driver.plugin, options, self.fields["vendor"], limits)
        except NotImplementedError:
            raise
        except Exception as exc:
            # Raised in the plugin's own constructor: the plugin's word. Raised by the description itself: our fault.
            frames = traceback.extract_tb(exc.__traceback__)
            if frames[-1].filename == self.driver.description.__file__:
                raise Refused(driver_error(f"the description failed: {exc}", exc)) from exc
            raise Refused(describe_error(exc)) from exc

    def _on_metrics(self, event: Any) -> None:
        metrics = event.metrics
        if type(metrics).__name__ == "AvatarMetrics":
            self.event(
                "metrics",
                **{
                    k: v
                    for k in ("avatar_joined_time", "session_started_time", "playback_latency")
                    if (v := getattr(metrics, k, None)) is not None
                },
            )

    def _tail(self) -> Any:
        output = self.agent.output.audio
        while output is not None and output.next_in_chain is not None:
            output = output.next_in_chain
        return output

    def _watch_output(self) -> None:
        tail = self._tail()
        if tail is None:
            return
        tail.on("playback_started", lambda _: self.event("playback_started"))
        tail.on(
            "playback_finished",
            lambda e: self.event("playback_finished", position_ms=round(e.playback_position * 1000), interrupted=e.interrupted),
        )

    async def ready(self, timeout_ms: int) -> Message:
        """Wait as the plugin offers it."""
        if not hasattr(self.avatar, "wait_for_join"):
            raise NotImplementedError("this version has no wait_for_join")
        begin = time.monotonic()
        try:
            await self.avatar.wait_for_join(timeout=timeout_ms / 1000)
        except Exception as exc:
            raise Refused(describe_error(exc)) from exc
        return {"waited_ms": round((time.monotonic() - begin) * 1000)}

    async def speak(self, utterance: str, file: str) -> Message:
        """Hand a sound to the agent's output as user code does; returns when every frame was taken."""
        await self._begin_agent()
        handed_over = asyncio.Event()

        async def frames() -> Any:
            for frame in tone_frames(file):
                yield frame
            handed_over.set()

        begin = time.monotonic()
        handle = self.agent.say("la", audio=frames())
        self._handles[utterance] = handle
        handle.add_done_callback(lambda h: self.event("speech_done", utterance=utterance, interrupted=h.interrupted))
        taken = asyncio.ensure_future(handed_over.wait())
        done = asyncio.ensure_future(handle.wait_for_playout())
        try:
            await asyncio.wait({taken, done}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            taken.cancel()
            done.cancel()
        return {"pushed_ms": round((time.monotonic() - begin) * 1000), "complete": handed_over.is_set()}

    async def _begin_agent(self) -> None:
        from livekit import agents

        if not self._started:
            self._started = True
            await self.agent.start(agent=agents.Agent(instructions="none"), room=self.room)

    async def interrupt(self) -> Message:
        """Interrupt as user code does."""
        self.agent.interrupt()
        return {}

    async def inspect(self) -> Message:
        """Tell what only the agent's own process can see."""
        tail = self._tail() if self.agent else None
        return {
            "audio_output": type(tail).__name__ if tail is not None else None,
            "agent_state": str(self.agent.agent_state) if self.agent else None,
            "tasks": len(asyncio.all_tasks()),
        }

    async def close(self, how: str) -> Message:
        """End it: `graceful` by the plugin's own close, `job` by the job's shutdown alone, `abrupt` by dropping the room."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait({self._starting})
        begin = time.monotonic()
        error: Exception | None = None
        if how == "graceful" and self.avatar is not None:
            try:
                await self.avatar.aclose()
            except Exception as exc:
                error = exc
        closed_ms = round((time.monotonic() - begin) * 1000)
        if how == "abrupt" and self.room.isconnected():
            await self.room.disconnect()
        await self._end_job(how)
        if error is not None:
            raise Refused(describe_error(error)) from error
        return {"closed_ms": closed_ms}

    async def close_avatar(self) -> Message:
        """Call the plugin's own close alone; the agent stays in the room."""
        try:
            await self.avatar.aclose()
        except Exception as exc:
            raise Refused(describe_error(exc)) from exc
        return {}

    async def _end_job(self, how: str) -> None:
        if self._started and how != "abrupt":
            self.agent.interrupt()  # else the framework waits 5 s for the end of speech that nobody plays any more
            await self.agent.aclose()
        if self.context is not None:
            self.context.shutdown(how)
        if self.over is not None:
            self.over.set()
        self.driver.sessions.pop(self.id, None)


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
