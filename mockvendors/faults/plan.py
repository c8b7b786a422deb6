"""Which fault acts on which call of one tenant, and which never did."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.errors import UsageFault
from mockvendors.faults.address import Address, Calls, session_of
from mockvendors.faults.fault import AvatarFault, Exchange, Fault, ReplyFault, RequestFault, contradiction
from mockvendors.faults.fields import unknown
from mockvendors.faults.waits import Waits
from mockvendors.faults.written import from_data, from_text, to_data, to_text
from mockvendors.replies import Cut, Reply

_SESSIONS_KEPT = 1000
"""Ids by which a fault can still name a session; a tenant keeps fewer sessions that have ended."""


@dataclass(frozen=True, eq=False)
class Planned:
    """A fault and where it acts."""

    fault: Fault
    address: Address

    def __str__(self) -> str:
        return to_text(self.fault, self.address)

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return to_data(self.fault, self.address)


@dataclass(frozen=True)
class Where:
    """One call, as the plan looks it up."""

    operation: str
    number: int
    named: Collection[str] = ()
    """What its path names: ids of sessions among them."""


class FaultPlan:
    """The faults of one tenant. Those of one call act in the order of `Stage`; the order of adding means nothing."""

    def __init__(self, operations: Mapping[str, str], starts: Collection[str], over: asyncio.Event) -> None:
        """Know the vendor: its operationIds with their paths, and which of them start an avatar; `over` ends every wait."""
        self._operations = operations
        self._starts = starts
        self._planned: list[Planned] = []
        self._met: set[Planned] = set()
        self._numbers: dict[str, int] = {}
        self._started = 0
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
        planned = Planned(fault, Address(operation, Calls.of(calls), self._number(session_of(session))))
        self._check(planned)
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

    def __iter__(self) -> Iterator[Planned]:
        return iter(self._planned)

    def unmet(self) -> list[Planned]:
        """Return the faults that have done nothing so far: no call met them, or there was nothing for them to change."""
        return [planned for planned in self._planned if planned not in self._met]

    def began(self, session: str) -> None:
        """Note that a session has started."""
        self._started += 1
        self._numbers[session] = self._started
        if len(self._numbers) > _SESSIONS_KEPT:
            del self._numbers[next(iter(self._numbers))]

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
        if not self._planned:
            return []
        return sorted((planned for planned in self._planned if self._meets(planned, where)), key=lambda p: p.fault.stage)

    def _meets(self, planned: Planned, where: Where) -> bool:
        address = planned.address
        if address.operation not in {None, where.operation} or where.number not in address.calls:
            return False
        if address.session is None:
            return True
        if isinstance(planned.fault, AvatarFault):
            return address.session == self._started + 1
        return any(self._numbers.get(name) == address.session for name in where.named)

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

    def _number(self, session: int | str | None) -> int | None:
        if not isinstance(session, str):
            return session
        if session not in self._numbers:
            raise unknown("session", session, self._numbers)
        return self._numbers[session]

    def _check(self, planned: Planned) -> None:
        """Raise UsageFault where a fault cannot act, or where it would depend on luck which of two does."""
        operation = planned.address.operation
        if operation is not None and operation not in self._operations:
            raise unknown("operation", operation, self._operations)
        if isinstance(planned.fault, AvatarFault):
            self._check_avatar(planned)
        elif operation is not None and planned.address.session and "{" not in self._operations[operation]:
            raise UsageFault(f"{planned} cannot act: {operation} names no session in its path", "Give `calls` instead")
        for other in self._planned:
            both = contradiction(planned.fault, other.fault)
            if both is not None and planned.address.meets(other.address):
                cause = f"{planned} and {other} contradict each other: both decide {both}"
                raise UsageFault(cause, "Give each its own calls, like calls=1 and calls=2-")

    def _check_avatar(self, planned: Planned) -> None:
        operation, session = planned.address.operation, planned.address.session
        if not self._starts:
            raise UsageFault(f"{planned} cannot act: this vendor sends no avatar into a room", "Leave it out")
        if operation is not None and operation not in self._starts:
            raise UsageFault(f"{planned} cannot act: {operation} starts no avatar", f"Did you mean {', '.join(self._starts)}?")
        if isinstance(session, int) and session <= self._started:
            cause = f"{planned} cannot act: session {session} has begun, and its avatar behaves as it was told"
            raise UsageFault(cause, f"Ask for it before the session starts; the next is session {self._started + 1}")
