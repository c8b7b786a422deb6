"""The harness's end of a driver: a process of its own, JSON lines, and an outcome for everything that was asked."""

import asyncio
import collections
import contextlib
import json
import shlex
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mockvendors import limits
from mockvendors.drivers import group, streams
from mockvendors.drivers.ends import DriverDied, DriverTimeout, Unsupported
from mockvendors.drivers.events import Events
from mockvendors.drivers.messages import IMPORTING, PROTOCOL, Event, Hello, Loading, Outcome
from mockvendors.drivers.named import LONGER, Named, greeted, telling
from mockvendors.drivers.pending import Pending
from mockvendors.errors import DriverFault, HarnessFault, MockvendorsError

STDERR_LINES = 200
TEXT_LIMIT = 200
"""Characters of a line that is quoted."""
TOO_LONG = f"a line of more than {streams.LINE_LIMIT} bytes"
NOBODYS = Named()
FIRST = "hello is the first line on its stdin, and its answer a line that is flushed. Start it by hand to see why"


class DriverProcess:
    """One running driver; `request` asks, `events` keeps what it told unasked.

    A driver that breaks the protocol is asked nothing more: whatever it says from then on may belong to anything.
    """

    def __init__(self, process: asyncio.subprocess.Process, named: Named) -> None:
        self._process = process
        self.named = named
        self._pending = Pending(named)
        self.stderr: collections.deque[str] = collections.deque(maxlen=STDERR_LINES)
        self.waits: list[str] = []
        """Where its tasks stood when a command had no answer in time: its word too, but none that it said by itself."""
        reading = (self._read_stdout(), streams.keep(process.stderr, self.stderr))
        self._readers = [asyncio.ensure_future(each) for each in reading]
        self.events = Events()
        self._fault: DriverFault | None = None
        self._told = False
        self._doubted = False
        self.hello: Hello | None = None

    @classmethod
    async def spawn(
        cls,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        named: Named = NOBODYS,
    ) -> "DriverProcess":
        """Start the program (an argument vector, no shell) in a process group of its own and greet it.

        Raises DriverFault, UsageFault where what it drives cannot be loaded.
        """
        try:
            process = await streams.begin(arguments, environment, folder)
        except OSError as exc:
            raise named.fault(f"cannot be started: {exc}", f"Run it by hand: {shlex.join(arguments)}") from exc
        driver = cls(process, named)
        try:
            driver.hello = await driver._greet(shlex.join(arguments))
        except BaseException:
            await driver.stop()
            raise
        return driver

    async def _greet(self, command: str) -> Hello:
        try:
            outcome = await self.request("hello", limits.scaled(limits.DRIVER_HELLO), protocol=[PROTOCOL], harness="mockvendors")
        except DriverTimeout as exc:
            raise await self._silence(exc, command) from exc
        except DriverDied as exc:
            raise await self._death(exc, command) from exc
        except Unsupported as exc:
            raise await self._refused(f"does not know `hello`: {exc}") from exc
        except HarnessFault as exc:
            if self._fault is not None:
                raise await self._refused(self._fault.cause.removeprefix(f"{self.named} "), self._fault.remedy) from exc
            if not isinstance(exc, DriverFault):  # the suite's description
                raise
            told = exc.cause.removeprefix(f"{self.named} itself failed: ")
            raise await self._refused(f"refused to begin: {told}", f"It was asked for protocol {PROTOCOL}") from exc
        if outcome.ok is None:
            raise await self._refusal(outcome)
        if outcome.ok["protocol"] != PROTOCOL:
            remedy = f"Take a driver of protocol {PROTOCOL}, or a mockvendors that speaks the driver's"
            raise await self._refused(f"speaks protocol {outcome.ok['protocol']}, and was asked for {PROTOCOL}", remedy)
        return Hello.from_message(outcome.ok)

    @property
    def _loading(self) -> Loading | None:
        """What it began last on behalf of what it drives; until it greets, what it does is done by that."""
        told = (event.fields for event in reversed(self.events.of("")) if event.name == IMPORTING)
        return next(map(Loading.from_message, told), None)

    async def _silence(self, exc: DriverTimeout, command: str) -> MockvendorsError:
        """Return whose silence in place of the greeting was: of what was being loaded, where it said so."""
        what = self._loading
        if what is None:
            return await self._refused(f"did not greet: {exc}", f"{FIRST}: {greeted(command)}; {LONGER}")
        await self.stop()  # to the end of what it has to say
        return self.named.hanging(what, limits.scaled(limits.DRIVER_HELLO), command, self.stderr)

    async def _death(self, exc: DriverDied, command: str) -> MockvendorsError:
        """Return whose death before the greeting was: of what was being loaded, unless the machine may have killed it."""
        what = self._loading
        if what is None or self._process.returncode == -signal.SIGKILL:
            return self.named.fault(f"did not greet: {exc}", f"Start it by hand to see why: {greeted(command)}")
        await self.stop()
        return self.named.deadly(what, streams.ending(self._process.returncode), command, self.stderr)

    async def _refusal(self, outcome: Outcome) -> MockvendorsError:
        error = outcome.error
        if error is None or error.kind != "configuration":
            return await self._refused(f"refused to begin: {error}")
        await self.stop()
        return self.named.not_loaded(error.message, self.stderr)

    async def _refused(self, what: str, remedy: str = "") -> DriverFault:
        await self.stop()  # to the end of what it has to say
        return self.named.fault(what, remedy, self.stderr)

    @property
    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.returncode is None

    async def answers(self) -> bool:
        """Tell whether it can be asked on; it is pinged only after it left a command without an answer.

        One that broke the protocol cannot, once somebody was told.
        """
        if self._fault is not None:
            return not self._told
        if self._doubted:
            try:
                await self.request("ping", limits.scaled(limits.DRIVER_PING))
            except (DriverDied, DriverTimeout, HarnessFault):
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

        Raises DriverDied, DriverTimeout (the command stays open in the driver), Unsupported, DriverFault (`kind: driver`, or
        a driver that broke the protocol).
        """
        if self._fault is not None:
            self._told = True
            raise DriverFault(self._fault.cause, self._fault.remedy)
        return await self._ask(cmd, limit, **fields)

    async def _ask(self, cmd: str, limit: float, **fields: Any) -> Outcome:
        if not self.alive:
            raise DriverDied(self._epitaph())
        number, reply = self._pending.open(cmd, fields)
        try:
            assert self._process.stdin is not None
            self._process.stdin.write((json.dumps({"id": number, "cmd": cmd, **fields}) + "\n").encode())
            with contextlib.suppress(ConnectionError):  # its death is told by the reader, with exit code and stderr
                await self._process.stdin.drain()
            return await asyncio.wait_for(asyncio.shield(reply), limit)
        except Unsupported as exc:
            raise Unsupported(str(exc), cmd, fields) from None
        except TimeoutError:
            self._doubted = True
            raise DriverTimeout(f"no answer to {cmd} within {limit:g} s") from None
        finally:
            self._pending.close(number)

    async def stop(self) -> None:
        """End it: `shutdown`, then SIGTERM and SIGKILL to its group."""
        for number in [] if await self._obeys_shutdown() else [signal.SIGTERM, signal.SIGKILL]:
            group.send(self.pid, number)
            if await self._ended(limits.scaled(limits.DRIVER_TERM)):
                break
        group.send(self.pid, signal.SIGKILL)  # children that outlived it
        await group.gone(self.pid, limits.scaled(limits.DRIVER_TERM))
        await asyncio.wait(self._readers, timeout=limits.scaled(limits.DRIVER_TERM))  # a stranger may hold the pipes open
        for reader in self._readers:
            reader.cancel()
        streams.let_go(self._process)

    async def _obeys_shutdown(self) -> bool:
        if self.alive:
            try:
                await self._ask("shutdown", limits.scaled(limits.DRIVER_SHUTDOWN))
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
        async for line in streams.lines(self._process.stdout, lambda: self._broke(TOO_LONG)):
            self._take(line)
        await self._process.wait()
        self._pending.fail(DriverDied(self._epitaph()))
        self.events.end()

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            self._broke(f"a line that is not a message: {line.decode(errors='replace').strip()[:TEXT_LIMIT]!r}")
        elif "event" in message:
            fields = {k: v for k, v in message.items() if k not in {"event", "session", "t_ms"}}
            self.events.add(Event(str(message["event"]), str(message.get("session", "")), time.monotonic(), fields))
        elif (wrong := self._pending.settle(message)) is not None:
            self._broke(wrong)

    def _broke(self, what: str) -> None:
        """Tell everybody who waits, or else the next who asks; what came first is what is told."""
        if self._fault is None:
            asked = self._pending.waiting()
            aside = f", while {' and '.join(asked)} was pending" if asked else ""
            self._fault = self.named.fault(f"broke the protocol: it wrote {what}{aside}")
            self._told = self._pending.fail(self._fault)

    def _epitaph(self) -> str:
        tail = "\n".join(telling(self.stderr)[-5:])
        ended = f"the driver's process ended with {streams.ending(self._process.returncode)}"
        return ended + (f"; its last words:\n{tail}" if tail else "")
