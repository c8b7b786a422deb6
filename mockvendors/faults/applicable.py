"""Whether a fault can act at all: asked when it is added, so that no case waits for what cannot come."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from mockvendors.errors import UsageFault
from mockvendors.faults.fault import AvatarFault, contradiction
from mockvendors.faults.fields import unknown
from mockvendors.faults.planned import Planned, SessionNumbers


@dataclass(frozen=True)
class Applicable:
    """What a plan knows of its vendor."""

    operations: Mapping[str, str]
    """operationIds with their paths."""
    starts: Collection[str]
    """Operations that start an avatar."""

    def check(self, planned: Planned, others: Iterable[Planned], sessions: SessionNumbers) -> None:
        """Raise UsageFault where a fault cannot act, or where it would be left to luck which of two decides."""
        operation, session = planned.address.operation, planned.address.session
        if operation is not None and operation not in self.operations:
            raise unknown("operation", operation, self.operations)
        if isinstance(planned.fault, AvatarFault):
            self._check_avatar(planned, sessions)
        elif operation is not None and session is not None and "{" not in self.operations[operation]:
            raise UsageFault(f"{planned} cannot act: {operation} names no session in its path", "Address it by `calls`")
        for other in others:
            both = contradiction(planned.fault, other.fault)
            if both is not None and planned.address.meets(other.address):
                cause = f"{planned} and {other} contradict each other: both decide {both}"
                raise UsageFault(cause, "Leave one out, or give each its own calls, like calls=1 and calls=2-")

    def _check_avatar(self, planned: Planned, sessions: SessionNumbers) -> None:
        operation, session = planned.address.operation, planned.address.session
        if not self.starts:
            raise UsageFault(f"{planned} cannot act: this vendor sends no avatar into a room", "Take a fault of its answers")
        if operation is not None and operation not in self.starts:
            raise UsageFault(f"{planned} cannot act: {operation} starts no avatar", f"These do: {', '.join(self.starts)}")
        if isinstance(session, int) and session <= sessions.started:
            cause = f"{planned} cannot act: session {session} has begun, and its avatar behaves as it was told then"
            raise UsageFault(cause, f"Ask before a session starts; the next one is session {sessions.started + 1}")
