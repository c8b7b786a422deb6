"""`drive`: the case's hand on the implementation. Each method is one command of the driver protocol."""

import asyncio
import contextlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockvendors import limits
from mockvendors.conformance.check import Check
from mockvendors.conformance.sounds import Sound
from mockvendors.conformance.verdict import Crashed, TimedOut
from mockvendors.drivers.ends import DriverDied, DriverTimeout, Unsupported
from mockvendors.drivers.messages import Event, Outcome
from mockvendors.drivers.process import DriverProcess
from mockvendors.errors import HarnessFault

QUICK = {"max_retry": 3, "retry_interval": 0.01, "timeout": 1.0}
"""The framework's number of tries, with pauses that a test can wait for."""

RAISES_NOTHING = "core.session.no-error"
"""The rule that speech, an interrupt and the end of a session break by an exception."""

ENDS = {
    "graceful": "the plugin's close, and the end of the job",
    "avatar": "the plugin's close, the agent staying",
    "job": "the end of the job",
    "abrupt": "the end of a job whose room is gone",
}
"""The ways to close, in words."""


@dataclass(frozen=True)
class Place:
    """Where the agent stands: a room it joins, or (`connect` false) a job with a room that is never joined."""

    url: str
    api_key: str
    api_secret: str
    room: str
    connect: bool


@dataclass
class Drive:
    """One agent session of the implementation; made anew for each case."""

    driver: DriverProcess
    place: Place
    vendor: Mapping[str, Any]
    options: Mapping[str, Any]
    check: Check
    session: str
    first: str
    """operationId of the first call of a start, by this implementation."""
    _utterances: Any = field(default_factory=lambda: itertools.count(1))
    _open: bool = False
    identity: str | None = None

    @property
    def capabilities(self) -> frozenset[str]:
        """What the implementation claims."""
        return self.driver.hello.capabilities if self.driver.hello else frozenset()

    @property
    def language(self) -> str:
        """In which the implementation is written."""
        return self.driver.hello.language if self.driver.hello else ""

    async def open(self, *, job: bool = True) -> None:
        """Join the room as the agent, in a job of the framework (or, with `job` false, outside of any)."""
        place = self.place
        livekit = {"url": place.url, "api_key": place.api_key, "api_secret": place.api_secret}
        outcome = await self._opened(
            livekit=livekit,
            room=place.room,
            connect=place.connect and job,
            job=job,
            vendor=dict(self.vendor),
        )
        if outcome.ok is None:
            raise self.driver.named.fault(f"could not open a session: {outcome.error}")
        self._open = True
        self.identity = outcome.ok.get("identity")

    async def _opened(self, **fields: Any) -> Outcome:
        """Ask for a session; that none is given is no word about the plugin, which was not asked for anything yet."""
        try:
            return await self._ask("open", limits.DRIVER_OPEN, **fields)
        except TimedOut as exc:
            raise HarnessFault(
                f"the agent's job did not begin: {exc}", "Is the machine very busy? Try MOCKVENDORS_TIME_SCALE=3"
            ) from exc

    async def start(
        self,
        *,
        connection: Mapping[str, float] | None = QUICK,
        env: Mapping[str, str | None] | None = None,
        within: float | None = None,
        **options: Any,
    ) -> Outcome:
        """Make the avatar session with the vendor's least options and these; None removes one.

        `within` bounds a start that is expected to hang; without it a hang is the verdict `timeout`. An implementation that
        does not claim `connection-options` is given none, and has the framework's own time.
        """
        if not self._open:
            await self.open()
        merged = {name: value for name, value in {**self.options, **options}.items() if value is not None}
        if "connection-options" not in self.capabilities:
            connection = None
        limit = within or _bound(connection)
        return await self._ask("start", limit, options=merged, connection=connection, env=env)

    async def started(self, rule: str = "core.start.succeeds", **options: Any) -> Outcome:
        """Start, and hold the implementation to success; `rule` names what else a failure would break."""
        return self.hold(await self.start(**options), rule)

    def hold(self, outcome: Outcome, rule: str = "core.start.succeeds") -> Outcome:
        """Hold the outcome of a start to success, as `started` does."""
        self.check(rule, told(outcome), "ok", "a start that the vendor accepts")
        asked = bool(self.check.journal().strip())
        self.check("core.start.answered", asked, True, "whether the vendor had been asked when start() returned")
        return outcome

    async def ready(self, seconds: float = limits.DRIVER_READY) -> Outcome:
        """Wait by the plugin's own means until the avatar is there."""
        return await self._ask(
            "ready",
            limits.scaled(seconds) + limits.DRIVER_START_MARGIN,
            timeout_ms=round(limits.scaled(seconds) * 1000),
        )

    async def speak(self, sound: Sound) -> Outcome:
        """Hand over a sound as user code does; returns when the agent took the last frame."""
        limit = 2 * sound.seconds + limits.DRIVER_SPEAK_MARGIN
        outcome = await self._ask("speak", limit, utterance=f"u{next(self._utterances)}", file=str(sound.path))
        return self._fine(outcome, "speech that is handed over")

    def speaking(self, sound: Sound) -> asyncio.Task[Outcome]:
        """Begin to hand over a sound, and do not wait."""
        return asyncio.ensure_future(self.speak(sound))

    async def interrupt(self) -> Outcome:
        """Interrupt as user code does."""
        return self._fine(await self._ask("interrupt", limits.DRIVER_INTERRUPT), "an interrupt")

    async def inspect(self, settle: float = 0.0) -> Mapping[str, Any]:
        """Return what only the agent's own process sees: audio_output, agent_state, room_listeners, agent_listeners, tasks.

        Tasks that came since it was last asked are given `settle` seconds to end.
        """
        if not self._open:
            await self.open()
        settle_ms = round(limits.scaled(settle) * 1000)
        outcome = await self._ask("inspect", limits.DRIVER_INTERRUPT + settle, settle_ms=settle_ms)
        return self._fine(outcome, "a look at the agent's audio output").ok or {}

    async def close(self, how: str = "graceful", rule: str = RAISES_NOTHING) -> Outcome:
        """End it: `graceful` by the plugin's close, `avatar` the same with the agent staying, `job` by the job's end alone.

        `abrupt` drops the room's connection. A close that raises breaks `rule`.
        """
        self._open = how == "avatar"  # before the answer: a close that Ctrl-C cuts off is not asked for again
        return self._fine(await self._ask("close", limits.DRIVER_CLOSE, how=how), ENDS[how], rule)

    async def settle(self) -> None:
        """End whatever the case left open; called after each case. A driver that died since the last command is told here."""
        if self._open:
            await self.close("job")

    def events(self, name: str) -> list[Event]:
        """Return the events of that name so far."""
        return _of(name, self.driver.events.of(self.session))

    async def event(self, name: str, limit: float = limits.DRIVER_INTERRUPT, count: int = 1) -> Event | None:
        """Return the `count`-th event of that name, or None when it does not come within `limit` seconds."""

        def nth(told: Sequence[Event]) -> Event | None:
            found = _of(name, told)
            return found[count - 1] if len(found) >= count else None

        return await self.driver.events.until(self.session, nth, limits.scaled(limit))

    def _fine(self, outcome: Outcome, what: str, rule: str = RAISES_NOTHING) -> Outcome:
        """Hold the implementation to a command that raises nothing; what is the driver's own fault never gets here."""
        self.check(rule, told(outcome), "ok", what)
        return outcome

    async def _ask(self, cmd: str, limit: float, **fields: Any) -> Outcome:
        try:
            return await self.driver.request(cmd, limits.scaled(limit), session=self.session, **fields)
        except DriverTimeout as exc:
            await self._note_waits()
            raise TimedOut(str(exc)) from exc
        except DriverDied as exc:
            self._open = False
            raise Crashed(str(exc)) from exc

    async def _note_waits(self) -> None:
        """Keep, with what the driver said, where its tasks stand: a reader of a time-out asks what was waited for."""
        with contextlib.suppress(DriverTimeout, DriverDied, Unsupported, HarnessFault):
            seen = await self.driver.request("inspect", limits.scaled(limits.DRIVER_WAITS), session=self.session)
            self.driver.waits.extend(f"it waits: {place}" for place in (seen.ok or {}).get("waits", []))


def _of(name: str, events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.name == name]


def told(outcome: Outcome) -> str:
    """Return what the user of an outcome reads, with the vendor's words where there are some."""
    body = outcome.error.body if outcome.error else None
    return str(outcome) if not body or body in str(outcome) else f"{outcome}; body: {body}"


def _bound(connection: Mapping[str, float] | None) -> float:
    limits_of = connection or {"max_retry": 3, "retry_interval": 2.0, "timeout": 10.0}
    tries = limits_of["max_retry"] + 1
    return tries * (limits_of["timeout"] + limits_of["retry_interval"]) + limits.DRIVER_START_MARGIN
