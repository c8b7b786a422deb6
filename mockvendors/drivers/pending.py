"""The commands that a driver has not answered yet, each with the future of its one reply."""

import asyncio
import itertools
from typing import Any

from mockvendors.drivers.ends import Unsupported
from mockvendors.drivers.messages import DriverError, Outcome
from mockvendors.errors import HarnessFault

Reply = asyncio.Future[Outcome]


class Pending:
    """Open commands by their numbers."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._open: dict[int, Reply] = {}

    def open(self) -> tuple[int, Reply]:
        """Return the number of a new command, and the future of its reply."""
        number = next(self._numbers)
        future: Reply = asyncio.get_running_loop().create_future()
        self._open[number] = future
        return number, future

    def close(self, number: int) -> None:
        """Give a command up: a reply that comes now is nobody's."""
        future = self._open.pop(number, None)
        if future is not None and not future.done():
            future.cancel()

    def settle(self, message: dict[str, Any]) -> None:
        """Hand a reply to whoever waits for it."""
        future = self._open.get(message.get("id", -1))
        if future is None or future.done():
            return
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

    def fail(self, fault: Exception) -> None:
        """Answer everything that is open with this."""
        for future in self._open.values():
            if not future.done():
                future.set_exception(fault)
