"""A raw talk with a driver: everything that it says is kept, right or wrong, and nothing is made of it."""

import asyncio
import contextlib
import itertools
import json
import shlex
import signal
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockvendors import limits
from mockvendors.drivers import group, schema
from mockvendors.drivers.command import clean_environment
from mockvendors.drivers.messages import IMPORTING
from mockvendors.errors import DriverFault

LINE_LIMIT = 1 << 20
QUOTED = 200
"""Characters of a wrong line that are told."""
Message = dict[str, Any]


@dataclass(frozen=True)
class Program:
    """What starts a driver: an argument vector, no shell."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None


class Talk:
    """One process of a driver, from its start to its end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._asked: dict[int, str] = {}
        self._excused: set[int] = set()
        self._replies: defaultdict[int, list[Message]] = defaultdict(list)
        self._changed = asyncio.Event()
        self._over = False
        self.garbage: list[str] = []
        """Lines that are no messages."""
        self.invalid: list[str] = []
        """What is wrong with messages."""
        self.strays: list[str] = []
        """Replies that nobody asked for."""
        self.importing = ""
        """What the driver began to import; until it greets, what it does is done by that."""
        self.stderr: deque[str] = deque(maxlen=20)
        self._readers = [asyncio.ensure_future(self._read()), asyncio.ensure_future(self._read_stderr())]

    @classmethod
    async def begin(cls, program: Program) -> "Talk":
        """Start the program in a process group of its own."""
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *program.arguments,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env=clean_environment(program.environment),
                cwd=program.folder,
                start_new_session=True,
                limit=LINE_LIMIT,
            )
        except OSError as exc:
            told = f"the driver {program.arguments[0]} cannot be started: {exc}"
            raise DriverFault(told, f"Run it by hand: {shlex.join(program.arguments)}") from exc
        return cls(process)

    def send(self, cmd: str, **fields: object) -> int:
        """Send a request and return its number."""
        number = next(self._numbers)
        self._asked[number] = cmd
        assert self._process.stdin is not None  # noqa: S101  # it was asked for
        with contextlib.suppress(ConnectionError, RuntimeError):  # its death is seen by who waits for the reply
            self._process.stdin.write((json.dumps({"id": number, "cmd": cmd, **fields}) + "\n").encode())
        return number

    async def reply(self, number: int, limit: float) -> Message | None:
        """Return the first reply to a request; None where none came within `limit` seconds, or before the driver's end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limits.scaled(limit)):
                while not self._replies[number] and not self._over:
                    await self._changed.wait()
        return self.answered(number)

    def answered(self, number: int) -> Message | None:
        """Return the first reply to a request, if it has come."""
        return next(iter(self._replies[number]), None)

    async def ask(self, cmd: str, limit: float, **fields: object) -> Message | None:
        """Send a request and return the first reply to it."""
        return await self.reply(self.send(cmd, **fields), limit)

    async def end_stdin(self) -> None:
        """Say no more."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def ended(self, limit: float) -> int | None:
        """Return the exit code, of a process that ends within `limit` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), limits.scaled(limit))
        return self._process.returncode

    async def children(self) -> list[int] | None:
        """Return the processes of its group that run although it has ended itself; None where it has not."""
        if self._process.returncode is None:
            return None
        await group.gone(self._process.pid, limits.scaled(limits.DRIVER_TERM))
        return group.running(self._process.pid)

    async def stop(self) -> None:
        """End whatever is left of it, and read what it said to the last."""
        group.send(self._process.pid, signal.SIGKILL)
        try:
            await asyncio.wait(self._readers, timeout=limits.scaled(limits.DRIVER_TERM))
        finally:
            for reader in self._readers:
                reader.cancel()
            self._close()

    def _close(self) -> None:
        self._process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001  # asyncio offers no public close of a process's pipes

    def excuse(self, number: int) -> None:
        """Let a request have no reply."""
        self._excused.add(number)

    def counts(self) -> list[str]:
        """Say which requests did not get exactly one reply."""
        many = {number: len(self._replies[number]) for number in self._asked}
        right = {number: {0, 1} if number in self._excused else {1} for number in self._asked}
        wrong = [f"{cmd} got {many[n] or 'no'} replies" for n, cmd in self._asked.items() if many[n] not in right[n]]
        return [*wrong, *self.strays]

    @property
    def code(self) -> int | None:
        """Return the exit code, as far as it has ended."""
        return self._process.returncode

    def silence(self) -> str:
        """Say why no reply came: the process ended, or says nothing."""
        code = self.code
        if code is None:
            return "no answer"
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        words = "; ".join(list(self.stderr)[-3:])
        return f"no answer: its process ended with {how}" + (f", and last said: {words}" if words else "")

    async def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101  # as above
        while True:
            try:
                line = await self._process.stdout.readline()
            except ValueError:
                self.garbage.append(f"a line of more than {LINE_LIMIT} bytes")
                continue
            if not line:
                break
            self._take(line)
            self._wake()
        await self._process.wait()
        self._over = True
        self._wake()

    def _wake(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            self.garbage.append(repr(line.decode(errors="replace").strip()[:QUOTED]))
        elif "event" in message:
            if (wrong := schema.event_fault(message)) is not None:
                self.invalid.append(f"event {message['event']}: {wrong}"[:QUOTED])
            elif message["event"] == IMPORTING:
                self.importing = message["what"]
        else:
            self._take_reply(message)

    def _take_reply(self, message: Message) -> None:
        number = message.get("id")
        if type(number) is not int or number not in self._asked:
            self.strays.append(f"a reply to {number!r}, which nobody asked"[:QUOTED])
            return
        cmd = self._asked[number]
        if (wrong := schema.reply_fault(cmd, message)) is not None:
            self.invalid.append(f"reply to {cmd}: {wrong}"[:QUOTED])
        self._replies[number].append(message)

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None  # noqa: S101  # as above
        while True:
            try:
                line = await self._process.stderr.readline()
            except ValueError:
                continue
            if not line:
                return
            self.stderr.append(line.decode(errors="replace").rstrip())
