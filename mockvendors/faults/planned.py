"""A fault with its address, the call it is held against, and the numbers by which sessions are addressed."""

from collections.abc import Collection
from dataclasses import dataclass

from mockvendors.faults.address import Address
from mockvendors.faults.fault import AvatarFault, Fault
from mockvendors.faults.fields import unknown
from mockvendors.faults.written import to_data, to_text

_KEPT = 1000
"""Ids by which a fault can still name a session; a tenant keeps fewer sessions that have ended."""


@dataclass(frozen=True)
class Where:
    """One call, as a plan looks it up."""

    operation: str
    number: int
    named: Collection[str] = ()
    """What its path names: ids of sessions among them."""


class SessionNumbers:
    """The sessions of a tenant in the order in which they started, from 1."""

    def __init__(self) -> None:
        self.started = 0
        self._numbers: dict[str, int] = {}

    def began(self, session: str) -> None:
        """Give a session that has started its number."""
        self.started += 1
        self._numbers[session] = self.started
        if len(self._numbers) > _KEPT:
            del self._numbers[next(iter(self._numbers))]

    def of(self, session: int | str | None) -> int | None:
        """Return the number of a session that is named by number or id; UsageFault if no session has that id."""
        if not isinstance(session, str):
            return session
        if session not in self._numbers:
            raise unknown("session", session, self._numbers)
        return self._numbers[session]

    def named(self, number: int, names: Collection[str]) -> bool:
        """Tell whether the session of that number is among these names."""
        return any(self._numbers.get(name) == number for name in names)


@dataclass(frozen=True, eq=False)
class Planned:
    """A fault and where it acts; its address names a session by number."""

    fault: Fault
    address: Address

    def __str__(self) -> str:
        return to_text(self.fault, self.address)

    def data(self) -> dict[str, object]:
        """Return it as plain data."""
        return to_data(self.fault, self.address)

    def meets(self, where: Where, sessions: SessionNumbers) -> bool:
        """Tell whether it acts on a call; the avatar that a call starts is that of the next session."""
        address = self.address
        if address.operation not in {None, where.operation} or where.number not in address.calls:
            return False
        if not isinstance(address.session, int):
            return True
        if isinstance(self.fault, AvatarFault):
            return address.session == sessions.started + 1
        return sessions.named(address.session, where.named)
