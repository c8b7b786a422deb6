"""A driver as `Drive` knows it, with somebody between the two."""

import asyncio
import base64
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from mockvendors import limits
from mockvendors.cassettes.interaction import Answer, Sent
from mockvendors.cassettes.replay import NotRecorded, Player
from mockvendors.conformance.vendor_mode_witness import WitnessedVendor
from mockvendors.conformance.verdict import NotVerified
from mockvendors.drivers.ends import DriverDied, DriverTimeout
from mockvendors.drivers.messages import Event, Outcome
from mockvendors.drivers.process import DriverProcess


class Hand:
    """Hands everything on."""

    def __init__(self, driver: DriverProcess) -> None:
        self._driver = driver
        self.hello = driver.hello
        self.named = driver.named
        self.events = driver.events
        self.stderr = driver.stderr
        self.waits = driver.waits

    @property
    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._driver.alive

    async def request(self, cmd: str, limit: float, **fields: Any) -> Outcome:
        """See DriverProcess."""
        return await self._driver.request(cmd, limit, **fields)


class WatchingHand(Hand):
    """Notes whether the implementation is sent to another address than that of its vendor."""

    def __init__(self, driver: DriverProcess, base_url: str) -> None:
        super().__init__(driver)
        self._base_url = base_url
        self.is_elsewhere = False

    async def request(self, cmd: str, limit: float, **fields: Any) -> Outcome:
        """See DriverProcess."""
        vendor: Mapping[str, Any] = fields.get("vendor") or {}
        self.is_elsewhere |= not str(vendor.get("base_url", self._base_url)).startswith(self._base_url)
        return await super().request(cmd, limit, **fields)


class UpstreamHand(WatchingHand):
    """Ends a case with NotVerified where the vendor itself was not asked, or has not answered."""

    def __init__(self, driver: DriverProcess, base_url: str, problem: Callable[[], str | None]) -> None:
        super().__init__(driver, base_url)
        self._problem = problem

    async def request(self, cmd: str, limit: float, **fields: Any) -> Outcome:
        """See DriverProcess."""
        outcome = await super().request(cmd, limit, **fields)
        problem = self._problem() if cmd != "close" else None
        if problem is not None:
            raise NotVerified(problem)
        return outcome


class ReplayingHand(Hand):
    """Answers the requests of one session from a recording, for as long as it is open."""

    def __init__(
        self,
        driver: DriverProcess,
        session: str,
        vendor: WitnessedVendor,
        player: Player,
        *,
        variable: str,
        otherwise: Callable[[], str | None],
        failure: Callable[[str], Exception],
    ) -> None:
        """Take the variable that may hold the key, and two functions.

        `otherwise` says whether the recording is one of something else; `failure` makes of the text about a request without
        recording what fails the case.
        """
        super().__init__(driver)
        self._session = session
        self._vendor = vendor
        self._player = player
        self._variable = variable
        self._otherwise = otherwise
        self._failure = failure
        self._argument: str | None = vendor.api_key
        self._given: str | None = vendor.api_key
        self._met = 0
        self._unrecorded: str | None = None
        self._refused: str | None = None
        self._told = False
        self._task = asyncio.ensure_future(self._answer_all())

    async def request(self, cmd: str, limit: float, **fields: Any) -> Outcome:
        """See DriverProcess; raises what became known meanwhile, which says more than what the plugin makes of it."""
        self._hear(cmd, fields)
        try:
            return await super().request(cmd, limit, **fields)
        finally:
            await self._answer_new()
            self.tell()

    def tell(self) -> None:
        """Raise, once, the first request that is not recorded.

        NotVerified is raised for a recording of something else, and for a way out that vcrpy does not know.
        """
        if self._task.done():
            self._task.result()
        if self._told:
            return
        otherwise = self._otherwise() if self._met else None
        if otherwise is not None:
            self._told = True
            raise NotVerified(otherwise)
        self._told = self._unrecorded is not None or self._refused is not None
        if self._unrecorded is not None:
            raise self._failure(self._unrecorded)
        if self._refused is not None:
            raise NotVerified(f"{self.hello} opens connections of its own, by no HTTP client that vcrpy knows: {self._refused}")

    async def close(self) -> None:
        """Answer no more."""
        self._task.cancel()
        await asyncio.wait({self._task})

    def _hear(self, cmd: str, fields: Mapping[str, Any]) -> None:
        """Note which key the implementation is given: as an argument, or else by the environment."""
        if cmd == "open":
            self._argument = self._given = (fields.get("vendor") or {}).get("api_key")
        elif cmd == "start":
            self._given = self._argument or (fields.get("env") or {}).get(self._variable)

    async def _answer_all(self) -> None:
        while await self.events.until(self._session, self._new, math.inf):
            await self._answer_new()

    def _new(self, told: Sequence[Event]) -> bool | None:
        return True if len(told) > self._met else None

    async def _answer_new(self) -> None:
        while len(told := self.events.of(self._session)) > self._met:
            event = told[self._met]
            self._met += 1
            if event.name == "refused":
                self._refused = self._refused or str(event.fields["where"])
            if event.name == "request":
                answer = self._answer(_sent(event.fields))
                fields = {"session": self._session, "exchange": event.fields["exchange"], **answer}
                with suppress(DriverDied, DriverTimeout):  # the command that is under way tells of it
                    await self._driver.request("answer", limits.scaled(limits.DRIVER_PING), **fields)

    def _answer(self, sent: Sent) -> dict[str, Any]:
        try:
            answer = self._player.play(sent, other_key=self._has_other_key(sent))
        except NotRecorded as error:
            self._vendor.saw(sent, None)
            self._unrecorded = self._unrecorded or str(error)
            return {"refused": f"no recording of this request\n{error}"}
        self._vendor.saw(sent, answer)
        return _message(answer)

    def _has_other_key(self, sent: Sent) -> bool:
        """Tell whether a request bears another key than the one that was given, which may be a wrong one."""
        keys = self._vendor.keys
        return keys.credential(sent) is not None and keys.opens(sent) != (self._given == self._vendor.api_key)


def _sent(fields: Mapping[str, Any]) -> Sent:
    headers = tuple((str(name), str(value)) for name, value in fields["headers"])
    return Sent(str(fields["method"]), str(fields["url"]), headers, base64.b64decode(fields["body"]))


def _message(answer: Answer) -> dict[str, Any]:
    body = base64.b64encode(answer.body).decode()
    return {"status": answer.status, "reason": answer.reason, "headers": list(answer.headers), "body": body}
