"""Whether a fault can act at all: asked when it is added, so that no case waits for what cannot come."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from mockvendors.errors import UsageFault
from mockvendors.faults.answers import Answers
from mockvendors.faults.body import MissingField
from mockvendors.faults.fault import AvatarFault, contradiction
from mockvendors.faults.fields import unknown
from mockvendors.faults.planned import Planned, SessionNumbers

_STATUS = "answer.status"
"""What a fault takes that answers in the vendor's place, with a body."""


@dataclass(frozen=True)
class Applicable:
    """What a plan knows of its vendor."""

    look_up: Callable[[], Mapping[str, Answers]]
    """Returns its operationIds with what they answer; asked when a fault is added, which most tenants never see."""
    starts: Collection[str]
    """Operations that start an avatar."""

    def check(self, planned: Planned, others: Collection[Planned], sessions: SessionNumbers) -> None:
        """Raise UsageFault where a fault cannot act, or where it would be left to luck which of two decides."""
        operation, operations = planned.address.operation, self.look_up()
        if operation is not None and operation not in operations:
            raise unknown("operation", operation, operations)
        if isinstance(planned.fault, AvatarFault):
            self._check_avatar(planned, sessions)
        else:
            _check_answer(planned, others, _meant(planned, operations))
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


def _meant(planned: Planned, operations: Mapping[str, Answers]) -> dict[str, Answers]:
    """Return the operations on whose calls a fault may act."""
    operation, session = planned.address.operation, planned.address.session
    meant = {name: answers for name, answers in operations.items() if operation in {None, name}}
    if session is None:
        return meant
    naming = {name: answers for name, answers in meant.items() if answers.names_something}
    if not naming:
        raise UsageFault(f"{planned} cannot act: {operation or 'no call'} names no session in its path", "Address it by `calls`")
    return naming


def _check_answer(planned: Planned, others: Iterable[Planned], meant: Mapping[str, Answers]) -> None:
    """Refuse what needs a body, or a field of one, that no answer of these operations has."""
    if isinstance(planned.fault, MissingField):
        _check_field(planned, planned.fault.field, meant)
    elif planned.fault.needs_body and not any(answers.bodied for answers in meant.values()):
        if any(_STATUS in other.fault.claims() and planned.address.meets(other.address) for other in others):
            return
        told = ", ".join(f"{name} answers {' or '.join(map(str, answers.statuses))}" for name, answers in meant.items())
        remedy = f"Ask for an answer with a body first, such as status:status=500,operation={next(iter(meant))}"
        raise UsageFault(f"{planned} cannot act: {told}, without a body", remedy)


def _check_field(planned: Planned, field: str, meant: Mapping[str, Answers]) -> None:
    known = [answers.fields for answers in meant.values()]
    fields = frozenset(name for names in known for name in names or ())
    if None in known or field in fields:
        return
    nobody = unknown("field", field, fields)
    raise UsageFault(f"{planned} cannot act: no answer of {planned.address.operation or 'this vendor'} has it", nobody.remedy)
