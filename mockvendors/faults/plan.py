"""Which fault acts on which call of one tenant, and which never did."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.errors import UsageFault
from mockvendors.faults.address import Address, Calls, session_of
from mockvendors.faults.answers import Answers
from mockvendors.faults.applicable import Applicable
from mockvendors.faults.fault import AvatarFault, Exchange, Fault, ReplyFault, RequestFault
from mockvendors.faults.planned import Planned, SessionNumbers, Where
from mockvendors.faults.waits import Waits
from mockvendors.faults.written import from_data, from_text
from mockvendors.replies import Cut, Reply


class FaultPlan:
    """The faults of one tenant. Those of one call act in the order of `Stage`; the order of adding means nothing."""

    def __init__(self, look_up: Callable[[], Mapping[str, Answers]], starts: Collection[str], over: asyncio.Event) -> None:
        """Know the vendor: what its operations answer, and which of them start an avatar; `over` ends every wait."""
        self._applicable = Applicable(look_up, starts)
        self._sessions = SessionNumbers()
        self._planned: list[Planned] = []
        self._beginning: tuple[Planned, ...] = ()
        self._met: set[Planned] = set()
        self.waits = Waits(over)
        """What its faults wait for."""

    def add(
        self,
        fault: Fault,
        operation: str | None = None,
        calls: int | str | Iterable[int] | Calls | None = None,
        session: int | str | None = None,
    ) -> Planned:
        """Let `fault` act on the calls of an operation (None: of each) with these numbers (None: all; "2-": from 2 on).

        `session` is a session's number, from 1, or its id: a fault of the avatar acts on its avatar, any other on the
        calls that name it in their path. UsageFault tells why a fault cannot act.
        """
        if not isinstance(fault, Fault):
            raise UsageFault(f"{fault!r} is no fault", "Take one of mockvendors.faults")
        planned = Planned(fault, Address(operation, Calls.of(calls), self._sessions.of(session_of(session))))
        self._applicable.check(planned, self._planned, self._sessions)
        self._planned.append(planned)
        return planned

    def add_text(self, text: str) -> Planned:
        """Add a fault that is written `name:field=value,...`; see `written`."""
        fault, address = from_text(text)
        return self.add(fault, address.operation, address.calls, address.session)

    def add_data(self, data: Mapping[str, object]) -> Planned:
        """Add a fault that comes as plain data; see `written`."""
        fault, address = from_data(data)
        return self.add(fault, address.operation, address.calls, address.session)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._planned.clear()
        self._met.clear()

    def settle(self) -> None:
        """Take the faults that are set now for those of the beginning, to which a reset comes back."""
        self._beginning = tuple(self._planned)

    def reset(self) -> None:
        """Begin anew: the faults of the beginning, no request that waits for one, and the next session is number 1."""
        self.clear()
        self._planned.extend(self._beginning)
        self.waits.cut()
        self._sessions = SessionNumbers()

    def __iter__(self) -> Iterator[Planned]:
        return iter(self._planned)

    def unmet(self) -> list[Planned]:
        """Return the faults that have done nothing so far: no call met them, or there was nothing for them to change."""
        return [planned for planned in self._planned if planned not in self._met]

    def began(self, session: str) -> None:
        """Note that a session has started."""
        self._sessions.began(session)

    async def answer(self, where: Where, exchange: Exchange, acted: list[str], vendor: Callable[[], Awaitable[Reply]]) -> Reply:
        """Return the answer to a call as its faults make it, `vendor` giving the vendor's own; raise Cut for none.

        The names of the faults that act are appended to `acted`.
        """
        mine = self._on(where)
        reply: Reply | None = None
        for planned in mine:
            if isinstance(planned.fault, RequestFault):
                self._note(planned, acted)
                reply = await planned.fault.apply(exchange)
        if reply is None:
            reply = await vendor()
        for planned in mine:
            if isinstance(planned.fault, ReplyFault):
                reply = self._changed(planned, planned.fault, reply, acted)
        return reply

    def behave(self, where: Where, behaviour: Behaviour, acted: list[str]) -> Behaviour:
        """Return how the avatar behaves that a call is about to start."""
        for planned in self._on(where):
            if isinstance(planned.fault, AvatarFault):
                self._note(planned, acted)
                behaviour = planned.fault.apply(behaviour)
        return behaviour

    def _on(self, where: Where) -> list[Planned]:
        """Return the faults of a call in the order in which they act."""
        met = [planned for planned in self._planned if planned.meets(where, self._sessions)]
        return sorted(met, key=lambda planned: planned.fault.stage)

    def _changed(self, planned: Planned, fault: ReplyFault, reply: Reply, acted: list[str]) -> Reply:
        try:
            changed = fault.apply(reply)
        except Cut:
            self._note(planned, acted)
            raise
        if changed != reply:
            self._note(planned, acted)
        return changed

    def _note(self, planned: Planned, acted: list[str]) -> None:
        self._met.add(planned)
        acted.append(planned.fault.name)
