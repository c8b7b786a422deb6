"""The harness's end of a driver: a process of its own, JSON lines, and an outcome for everything that was asked."""

import asyncio
import collections
import contextlib
import itertools
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mockvendors import limits
from mockvendors.drivers.messages import PROTOCOL, DriverError, Event, Hello, Outcome
from mockvendors.errors import HarnessFault, UsageFault

LINE_LIMIT = 1 << 20
STDERR_LINES = 200
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


class DriverDied(Exception):
    """The driver's process ended while something was asked of it."""


class DriverTimeout(Exception):
    """The implementation did not come back from a command within its limit."""


class Unsupported(Exception):
    """The implementation claims a capability and answers `unsupported`, or lacks an option."""


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Build a driver's environment from nothing, so that no real key can leak in."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **(extra or {})}


class DriverProcess:
    """One running driver; `request` asks, `events` keeps what it told unasked."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = itertools.count(1)
        self._open: dict[int, asyncio.Future[Outcome]] = {}
        self._readers = [asyncio.ensure_future(self._read_stdout()), asyncio.ensure_future(self._read_stderr())]
        self._news = asyncio.Condition()
        self.stderr: collections.deque[str] = collections.deque(maxlen=STDERR_LINES)
        self.events: list[Event] = []
        self.garbage: list[str] = []
        self._doubted = False
        self.hello: Hello | None = None

    @classmethod
    async def spawn(
        cls, arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> "DriverProcess":
        """Start the program (an argument vector, no shell) in a process group of its own and greet it."""
        try:
            process = await asyncio.create_subprocess_exec(
                *arguments,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=clean_environment(environment),
                cwd=folder,
                start_new_session=True,
                limit=LINE_LIMIT,
            )
        except OSError as exc:
            raise HarnessFault(f"the driver {arguments[0]} cannot be started: {exc}") from exc
        driver = cls(process)
        try:
            outcome = await driver.request(
                "hello", limits.scaled(limits.DRIVER_HELLO), protocol=[PROTOCOL], harness="mockvendors"
            )
        except (DriverDied, DriverTimeout) as exc:
            await driver.stop()
            raise HarnessFault(f"the driver did not greet: {exc}", "See its stderr above") from exc
        except BaseException:
            await driver.stop()
            raise
        if outcome.ok is None:
            await driver.stop()
            if outcome.error is not None and outcome.error.kind == "configuration":
                raise UsageFault(outcome.error.message, "Name a plugin that can be imported in the driver's environment")
            raise HarnessFault(f"the driver refused to begin: {outcome.error}", driver.stderr_tail(5))
        driver.hello = Hello.from_message(outcome.ok)
        return driver

    @property
    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.returncode is None

    async def answers(self) -> bool:
        """Tell whether it still answers; asked only after it left a command without an answer."""
        if self._doubted:
            try:
                await self.request("ping", limits.scaled(limits.DRIVER_PING))
            except (DriverDied, DriverTimeout):
                return False
            self._doubted = False
        return True

    @property
    def pid(self) -> int:
        """Return the process id, which is its group's as well."""
        return self._process.pid

    def stderr_tail(self, lines: int = 15) -> str:
        """Return the last lines of the driver's stderr."""
        return "\n".join(list(self.stderr)[-lines:])

    async def request(self, cmd: str, limit: float, **fields: Any) -> Outcome:
        """Send a command and return its one reply.

        Raises DriverDied, DriverTimeout (the command stays open in the driver), Unsupported, HarnessFault (`kind: driver`).
        """
        if not self.alive:
            raise DriverDied(self._epitaph())
        number = next(self._ids)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._open[number] = future
        try:
            assert self._process.stdin is not None
            self._process.stdin.write((json.dumps({"id": number, "cmd": cmd, **fields}) + "\n").encode())
            with contextlib.suppress(ConnectionError):  # its death is told by the reader, with exit code and stderr
                await self._process.stdin.drain()
            return await asyncio.wait_for(asyncio.shield(future), limit)
        except TimeoutError:
            self._doubted = True
            raise DriverTimeout(f"no answer to {cmd} within {limit:g} s") from None
        finally:
            self._open.pop(number, None)
            if not future.done():
                future.cancel()

    async def wait_event(self, match: Callable[[Event], bool], limit: float) -> Event | None:
        """Return the first event, past or to come, that matches; None after `limit` seconds."""
        deadline = time.monotonic() + limit
        seen = 0
        async with self._news:
            while True:
                for event in self.events[seen:]:
                    if match(event):
                        return event
                seen = len(self.events)
                left = deadline - time.monotonic()
                if left <= 0 or not self.alive:
                    return None
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), left)

    async def stop(self) -> None:
        """End it: `shutdown`, then SIGTERM and SIGKILL to its group."""
        for sign in [] if await self._obeys_shutdown() else [signal.SIGTERM, signal.SIGKILL]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, sign)
            if await self._ended(limits.scaled(limits.DRIVER_TERM)):
                break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # children that outlived it
        await asyncio.gather(*self._readers, return_exceptions=True)
        self._process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001  # asyncio offers no public close of a process's pipes

    async def _obeys_shutdown(self) -> bool:
        if self.alive:
            try:
                await self.request("shutdown", limits.scaled(limits.DRIVER_SHUTDOWN))
            except DriverDied:
                pass
            except (DriverTimeout, Unsupported, HarnessFault):
                return False
        return await self._ended(limits.scaled(limits.DRIVER_SHUTDOWN))

    async def _ended(self, limit: float) -> bool:
        try:
            await asyncio.wait_for(self._process.wait(), limit)
        except TimeoutError:
            return False
        return True

    async def _read_stdout(self) -> None:
        assert self._process.stdout is not None
        while True:
            try:
                line = await self._process.stdout.readline()
            except ValueError:
                self.garbage.append(f"a line longer than {LINE_LIMIT} bytes")
                continue
            if not line:
                break
            await self._take(line)
        await self._process.wait()
        for future in self._open.values():
            if not future.done():
                future.set_exception(DriverDied(self._epitaph()))
        async with self._news:
            self._news.notify_all()

    async def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self.garbage.append(line.decode(errors="replace").strip()[:200])
            self._fail_all(HarnessFault(f"the driver wrote a line that is not a message: {self.garbage[-1]!r}"))
            return
        if "event" in message:
            fields = {k: v for k, v in message.items() if k not in {"event", "session", "t_ms"}}
            self.events.append(Event(str(message["event"]), str(message.get("session", "")), time.monotonic(), fields))
            async with self._news:
                self._news.notify_all()
            return
        future = self._open.get(message.get("id", -1))
        if future is not None and not future.done():
            self._settle(future, message)

    @staticmethod
    def _settle(future: asyncio.Future[Outcome], message: dict[str, Any]) -> None:
        if "unsupported" in message:
            future.set_exception(Unsupported(str(message["unsupported"])))
        elif "error" in message:
            error = DriverError.from_message(message["error"])
            if error.kind == "driver":
                future.set_exception(HarnessFault(f"the driver itself failed: {error}"))
            else:
                future.set_result(Outcome(error=error))
        else:
            future.set_result(Outcome(ok=message.get("ok") or {}))

    def _fail_all(self, fault: Exception) -> None:
        for future in self._open.values():
            if not future.done():
                future.set_exception(fault)

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        while True:
            try:
                line = await self._process.stderr.readline()
            except ValueError:
                continue
            if not line:
                return
            self.stderr.append(line.decode(errors="replace").rstrip())

    def _epitaph(self) -> str:
        code = self._process.returncode
        how = f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"
        tail = self.stderr_tail(5)
        return f"the driver's process ended with {how}" + (f"; its last words:\n{tail}" if tail else "")


def livekit_agents_command(plugin: str, description: Path, python: str | None = None) -> list[str]:
    """Return the command that drives a LiveKit Agents plugin: a module name, or a Python file, in `python`'s environment."""
    driver = Path(__file__).with_name("livekit_agents")
    return [python or sys.executable, str(driver), "--plugin", plugin, "--description", str(description)]
