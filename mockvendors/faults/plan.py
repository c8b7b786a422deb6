"""Which fault acts on which call."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NoReturn, Protocol

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.errors import UsageFault
from mockvendors.replies import Reply

Proceed = Callable[[], Awaitable[Reply]]


class Exchange(Protocol):
    """What a fault can do to the request it acts on."""

    def error(self, status: int, error: str | None, message: str | None, reason: str | None) -> Reply:
        """Return an error in the vendor's shape; what is None gets the vendor's own text."""
        ...

    async def pause(self, seconds: float | None) -> None:
        """Wait, at most until the client or the server goes; None waits for that alone."""
        ...

    def cut(self) -> NoReturn:
        """End the connection with a reset, without an answer."""
        ...


class HttpFault(Protocol):
    """Acts on the exchange: before, instead of, or after what it wraps."""

    acts_on: ClassVar[Literal["exchange"]]

    async def apply(self, exchange: Exchange, proceed: Proceed) -> Reply:
        """Answer in the vendor's place; `proceed` lets the next fault, and at last the vendor, answer."""
        ...


class AvatarFault(Protocol):
    """Changes how the avatar of a session behaves."""

    acts_on: ClassVar[Literal["avatar"]]

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Return the changed behaviour."""
        ...


@dataclass(frozen=True)
class Planned:
    """A fault and the calls on which it acts."""

    fault: HttpFault | AvatarFault
    operation: str | None
    calls: frozenset[int] | int | None

    def meets(self, operation: str, call: int) -> bool:
        """Tell whether it acts on this call."""
        if self.operation is not None and self.operation != operation:
            return False
        if isinstance(self.calls, int):
            return call <= self.calls
        return self.calls is None or call in self.calls


class FaultPlan:
    """The faults of one tenant. Of several on one call the first added is the outermost: it acts first on the way in,
    last on the way out, and what it does not let through the others never see; of avatar faults it has the last word.
    """  # noqa: D205 - the order is the class's meaning

    def __init__(self, operations: Iterable[str]) -> None:
        self._operations = sorted(operations)
        self._planned: list[Planned] = []

    def add(
        self,
        fault: HttpFault | AvatarFault,
        operation: str | None = None,
        calls: int | Collection[int] | None = None,
    ) -> None:
        """Let `fault` act on an operation (None: on each) at every call (None), the first n (int), or these numbers."""
        if operation is not None and operation not in self._operations:
            raise UsageFault(f"There is no operation {operation!r}", f"Operations: {', '.join(self._operations)}")
        if getattr(fault, "acts_on", None) not in ("exchange", "avatar"):
            raise UsageFault(f"{fault!r} is no fault", "Take one of mockvendors.faults")
        numbers = calls if isinstance(calls, int) or calls is None else frozenset(calls)
        self._planned.append(Planned(fault, operation, numbers))

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self._planned.clear()

    def __iter__(self) -> Iterator[Planned]:
        return iter(self._planned)

    def on_exchange(self, operation: str, call: int) -> list[HttpFault]:
        """Return the faults of this call's HTTP, outermost first."""
        return [
            planned.fault for planned in self._planned if planned.fault.acts_on == "exchange" and planned.meets(operation, call)
        ]

    def on_avatar(self, operation: str, call: int) -> list[AvatarFault]:
        """Return the faults of the avatar that this call starts, outermost first."""
        return [
            planned.fault for planned in self._planned if planned.fault.acts_on == "avatar" and planned.meets(operation, call)
        ]
