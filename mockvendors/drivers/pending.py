"""The commands that a driver has not answered yet, each with the future of its one reply."""

import asyncio
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockvendors.drivers.ends import Unsupported
from mockvendors.drivers.messages import DriverError, Outcome
from mockvendors.drivers.named import Named
from mockvendors.drivers.schema import reply_fault

Reply = asyncio.Future[Outcome]


@dataclass(frozen=True)
class Asked:
    """A command that waits for its reply."""

    request: Mapping[str, Any]
    reply: Reply


class Pending:
    """Open commands by their numbers; what a driver answers beside them breaks the protocol."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._numbers = itertools.count(1)
        self._open: dict[int, Asked] = {}
        self._given_up: dict[int, Mapping[str, Any]] = {}
        self._answered: set[int] = set()

    def open(self, cmd: str, fields: Mapping[str, Any]) -> tuple[int, Reply]:
        """Return the number of a new command, and the future of its reply."""
        number = next(self._numbers)
        future: Reply = asyncio.get_running_loop().create_future()
        self._open[number] = Asked({**fields, "cmd": cmd}, future)
        return number, future

    def close(self, number: int) -> None:
        """Ask no more for a command; one that was not answered was given up, and its late reply is nobody's."""
        asked = self._open.pop(number)
        if number not in self._answered:
            self._given_up[number] = asked.request
        asked.reply.cancel()

    def settle(self, message: dict[str, Any]) -> str | None:
        """Hand a reply to whoever waits for it; return what is wrong with it, if anything is."""
        number = message.get("id")
        if not isinstance(number, int) or isinstance(number, bool):
            return f"a message without a number and without an event: {str(message)[:200]}"
        if number in self._answered:
            return f"a second reply to request {number}"
        asked = self._open.get(number)
        if asked is None and number not in self._given_up:
            return f"a reply to request {number}, which nobody made"
        request = asked.request if asked is not None else self._given_up.pop(number)
        if (why := reply_fault(request, message)) is not None:
            return f"a reply to {request['cmd']} that is none of the protocol's: {why}"
        self._answered.add(number)
        if asked is not None and not asked.reply.done():
            self._answer(asked.reply, message)
        return None

    def waiting(self) -> list[str]:
        """Return the commands that nobody answered yet."""
        return [str(asked.request["cmd"]) for asked in self._open.values() if not asked.reply.done()]

    def fail(self, fault: Exception) -> bool:
        """Answer everything that is open with this; tell whether anything was."""
        waiting = [asked.reply for asked in self._open.values() if not asked.reply.done()]
        for reply in waiting:
            reply.set_exception(fault)
        return bool(waiting)

    def _answer(self, reply: Reply, message: dict[str, Any]) -> None:
        if "unsupported" in message:
            reply.set_exception(Unsupported(message["unsupported"]))
        elif "error" not in message:
            reply.set_result(Outcome(ok=message["ok"]))
        else:
            self._fail(reply, DriverError.from_message(message["error"]))

    def _fail(self, reply: Reply, error: DriverError) -> None:
        """Answer by an error: of the suite's description, of the driver, or of the implementation."""
        if (fault := self._named.description_fault(error)) is not None:
            reply.set_exception(fault)
        elif error.kind == "driver":
            reply.set_exception(self._named.fault(f"itself failed: {error}"))
        else:
            reply.set_result(Outcome(error=error))
