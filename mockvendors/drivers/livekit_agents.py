"""The driver of LiveKit Agents avatar plugins: runs an unmodified plugin in a true job of a true `AgentServer`.

Protocol 1: one JSON object a line on stdin and stdout, free text on stderr (see docs/driver-protocol.md).
Runs in the plugin's own environment: standard library, livekit-agents and the plugin, nothing of mockvendors. Python 3.10+.

    python livekit_agents.py --plugin livekit.plugins.anam --description suites/anam/plugin.py

The description is a Python file with `capabilities(plugin) -> list[str]` and
`make(plugin, options, vendor, connection) -> AvatarSession`; it may raise `NotImplementedError` for an option that this
version of the plugin lacks.

    main thread                          a thread for each job (JobExecutorType.THREAD)
    stdin ── Driver.answer ──────────▶   Session: AgentSession, avatar, room
    stdout ◀── Channel.send ◀─────────   replies and events
"""

from __future__ import annotations

import argparse
import asyncio
import concurrent.futures
import contextlib
import contextvars
import faulthandler
import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
import threading
import time
import traceback
import wave
from pathlib import Path
from typing import Any

PROTOCOL = 1
AGENT_NAME = "mockvendors-driver"
FRAME_SECONDS = 0.02
REGISTRATION_LIMIT = 10.0  # a worker registers in 0.02 s on loopback; a LiveKit that is down is told of, not waited for
DISPATCH_PATIENCE = 2.0  # from dispatch to job entry: 0.2 s on an idle machine
DISPATCH_TRIES = 5
WORKERS_LIMIT = 0.5  # 0.02 s without a thread that hangs
STOP_LIMIT = 2.5  # closing every session and worker; then the process ends all the same
BODY_LIMIT = 4096  # characters of a vendor's error text that go into a reply

Message = dict[str, Any]


class Refused(Exception):
    """A command that cannot be done, with the error that answers it."""

    def __init__(self, error: Message) -> None:
        super().__init__(error.get("message", ""))
        self.error = error


class Channel:
    """Standard output as the protocol's; whatever else prints lands on stderr."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)  # a plugin's print() must not break the protocol
        self._lock = threading.Lock()
        self._begin = time.monotonic()

    def send(self, message: Message) -> None:
        with self._lock:
            self._out.write(json.dumps(message, default=str) + "\n")
            self._out.flush()

    def event(self, session: str, event: str, **fields: Any) -> None:
        self.send({"event": event, "session": session, "t_ms": round((time.monotonic() - self._begin) * 1000), **fields})


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


def describe_error(exc: BaseException) -> Message:
    """Normalise what the plugin raised; `bases` lets the judge see the family of a class."""
    from livekit import agents

    error: Message = {
        "class": type(exc).__name__,
        "message": str(exc),
        "bases": [c.__name__ for c in type(exc).__mro__],
    }
    if isinstance(exc, agents.APIStatusError):
        error.update(kind="vendor_status", status=exc.status_code)
    elif isinstance(exc, agents.APITimeoutError):
        error["kind"] = "vendor_timeout"
    elif isinstance(exc, agents.APIConnectionError):
        error["kind"] = "vendor_connection"
    elif isinstance(exc, (asyncio.TimeoutError, TimeoutError)):
        error["kind"] = "vendor_timeout"
    elif isinstance(exc, asyncio.CancelledError):
        error["kind"] = "cancelled"
    elif isinstance(exc, json.JSONDecodeError):
        error["kind"] = "vendor_protocol"
    elif isinstance(exc, (ValueError, TypeError)):
        error["kind"] = "invalid_options"
    elif type(exc) is RuntimeError or type(exc).__module__.startswith("livekit.plugins"):
        error["kind"] = "configuration"
    else:
        error["kind"] = "vendor_protocol"
    if isinstance(exc, agents.APIError):
        error["retryable"] = exc.retryable
        if exc.body is not None:
            error["body"] = str(exc.body)[:BODY_LIMIT]
    return error


def driver_error(message: str, exc: BaseException | None = None) -> Message:
    """Say that the driver, and not the plugin, is wrong."""
    return {"kind": "driver", "class": type(exc).__name__ if exc else "DriverError", "message": message}


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


def give_up() -> None:
    """End the process that does not end by itself, and say where it hung."""
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)


def no_load() -> float:
    """Report an idle machine: LiveKit gives no job to a worker that reports a full load, and a test machine is often full."""
    return 0.0


class Workers:
    """The `AgentServer`s of this process: one registered with each LiveKit, one that is registered nowhere."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
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


class Driver:
    """Reads commands, answers each exactly once."""

    def __init__(self, channel: Channel, module: str, description: str) -> None:
        self.channel = channel
        self.module = module
        self.description_path = description
        self.sessions: dict[str, Session] = {}
        self.workers = Workers(self)
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
        except NotImplementedError as exc:
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
            raise NotImplementedError(f"no command {cmd!r}")
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
            "inspect": lambda s: s.inspect(),
            "close": lambda s: s.close_avatar() if request.get("how") == "avatar" else s.close(request.get("how", "graceful")),
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
        try:
            self.plugin = load_file(self.module) if path else importlib.import_module(self.module)
        except Exception as exc:
            traceback.print_exc()
            raise Refused(
                {
                    "kind": "configuration",
                    "class": type(exc).__name__,
                    "message": f"the plugin {self.module} cannot be imported: {exc}",
                }
            ) from exc
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
            "capabilities": capabilities,
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


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="module of the plugin, or a Python file")
    parser.add_argument("--description", required=True, help="Python file that makes the plugin's avatar session from options")
    arguments = parser.parse_args()
    channel = Channel()

    async def run() -> None:
        await Driver(channel, arguments.plugin, arguments.description).serve()

    asyncio.run(run())
    sys.stdout.flush()
    os._exit(0)  # job threads and the native library hold the interpreter open; everything of ours is closed by now


if __name__ == "__main__":
    main()
