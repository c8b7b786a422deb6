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
from mockvendors.drivers import group, schema, streams
from mockvendors.drivers.messages import IMPORTING, Loading
from mockvendors.drivers.named import telling
from mockvendors.errors import DriverFault

QUOTED = 200
"""Characters of a wrong line that are told."""
Message = dict[str, Any]


@dataclass(frozen=True)
class Program:
    """What starts a driver: an argument vector, no shell."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def by_hand(self) -> str:
        """The command by which a person starts it."""
        return shlex.join(self.arguments)


class Talk:
    """One process of a driver, from its start to its end."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process) -> None:
        self.program = program
        self._process = process
        self._numbers = itertools.count(1)
        self._asked: dict[int, Message] = {}
        self._replies: defaultdict[int, list[Message]] = defaultdict(list)
        self._changed = asyncio.Event()
        self._over = False
        self._stopped = False
        self.garbage: list[str] = []
        """Lines that are no messages."""
        self.invalid: list[str] = []
        """What is wrong with messages."""
        self.strays: list[str] = []
        """Replies that nobody asked for."""
        self.loading: Loading | None = None
        """What the driver began last on behalf of what it drives; until it greets, what it does is done by that."""
        self.stderr: deque[str] = deque(maxlen=20)
        self._hearing = asyncio.ensure_future(streams.keep(process.stderr, self.stderr))
        self._readers = [self._hearing, asyncio.ensure_future(self._read())]

    @classmethod
    async def begin(cls, program: Program) -> "Talk":
        """Start the program in a process group of its own."""
        try:
            process = await streams.begin(program.arguments, program.environment, program.folder)
        except OSError as exc:
            told = f"the driver {program.arguments[0]} cannot be started: {exc}"
            raise DriverFault(told, f"Run it by hand: {program.by_hand}") from exc
        return cls(program, process)

    def send(self, cmd: str, **fields: object) -> int:
        """Send a request and return its number."""
        number = next(self._numbers)
        self._asked[number] = {"cmd": cmd, **fields}
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
        """End whatever is left of it, and read what it said to the last; a second time does nothing."""
        if self._stopped:
            return
        self._stopped = True
        group.send(self._process.pid, signal.SIGKILL)
        try:
            await asyncio.wait(self._readers, timeout=limits.scaled(limits.DRIVER_TERM))
        finally:
            for reader in self._readers:
                reader.cancel()
            streams.let_go(self._process)

    def counts(self) -> list[str]:
        """Say which requests got more than one reply, and which replies are nobody's; one that never came is told elsewhere."""
        many = {number: len(self._replies[number]) for number in self._asked}
        return [*(f"{asked['cmd']} got {many[n]} replies" for n, asked in self._asked.items() if many[n] > 1), *self.strays]

    @property
    def code(self) -> int | None:
        """Return the exit code, as far as it has ended."""
        return self._process.returncode

    def silence(self, cmd: str, limit: float) -> str:
        """Say why no reply came to a command within `limit` seconds: the process ended, or says nothing."""
        if self.code is None:
            return f"no answer to {cmd} within {limits.scaled(limit):g} s"
        words = "; ".join(telling(self.stderr)[-3:])
        ended = f"its process ended with {streams.ending(self.code)} before it answered {cmd}"
        return ended + (f", and last said: {words}" if words else "")

    async def _read(self) -> None:
        too_long = f"a line of more than {streams.LINE_LIMIT} bytes"
        async for line in streams.lines(self._process.stdout, lambda: self.garbage.append(too_long)):
            self._take(line)
            self._wake()
        await self._process.wait()
        await asyncio.wait({self._hearing}, timeout=limits.scaled(limits.DRIVER_TERM))  # a child may hold its stderr open
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
                self.loading = Loading.from_message(message)
        else:
            self._take_reply(message)

    def _take_reply(self, message: Message) -> None:
        number = message.get("id")
        if type(number) is not int or number not in self._asked:
            self.strays.append(f"a reply to {number!r}, which nobody asked"[:QUOTED])
            return
        asked = self._asked[number]
        if (wrong := schema.reply_fault(asked, message)) is not None:
            self.invalid.append(f"reply to {asked['cmd']}: {wrong}"[:QUOTED])
        self._replies[number].append(message)
