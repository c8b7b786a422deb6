"""What every fault is: a frozen value with a name, checked fields, a stage, and what it decides alone."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import IntEnum
from typing import Any, ClassVar, NoReturn, Protocol

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.faults.fields import accept
from mockvendors.replies import Reply


class Stage(IntEnum):
    """When a fault acts on one call. Faults of a call act in this order, whichever was asked for first.

    Faults of a socket come with the first vendor that has one; their stage is the next after ANSWER.
    """

    ARRIVAL = 1
    """The request was read, and the vendor does not know of it yet."""
    INSTEAD = 2
    """In the vendor's place: it does not act, and no session is made."""
    AVATAR = 3
    """The vendor acts, and starts an avatar."""
    ANSWER = 4
    """The answer, the vendor's or one in its place, is on its way out."""


class Exchange(Protocol):
    """What a fault can do to the request it acts on."""

    @property
    def number(self) -> int:
        """Which call of its operation this is, from 1."""
        ...

    def error(self, status: int, error: str | None, message: str | None, reason: str | None) -> Reply:
        """Return an error in the vendor's shape; what is None gets the vendor's own text."""
        ...

    async def pause(self, seconds: float | None) -> None:
        """Wait, at most until the client, the tenant or the server goes; None waits for that alone."""
        ...

    def cut(self) -> NoReturn:
        """End the connection with a reset, without an answer."""
        ...


@dataclass(frozen=True)
class Fault(ABC):
    """A misbehaviour of the vendor. Its fields are scalars, so that a line of text can hold it; a wrong one is refused."""

    name: ClassVar[str]
    """Slug by which it is asked for and journaled."""
    stage: ClassVar[Stage]
    takes: ClassVar[frozenset[str]] = frozenset()
    """What it decides alone, as dotted names: who takes `answer` takes `answer.body` too. See `contradiction`."""
    needs_body: ClassVar[bool] = False
    """Whether it changes nothing of an answer without a body."""

    def __post_init__(self) -> None:
        for field in fields(self):
            accept(type(self), field.name, getattr(self, field.name))

    def claims(self) -> frozenset[str]:
        """Return what it takes with these fields."""
        return self.takes

    def data(self) -> dict[str, Any]:
        """Return the fields that are not at their defaults, as plain data."""
        defaults = {field.name: field.default for field in fields(self)}
        return {name: value for name, value in asdict(self).items() if value != defaults[name]}


class RequestFault(Fault):
    """Acts before the vendor does, or in its place."""

    @abstractmethod
    async def apply(self, exchange: Exchange) -> Reply | None:
        """Return an answer to give in the vendor's place, or None to let the request go on."""


class ReplyFault(Fault):
    """Changes an answer; the vendor, or a fault in its place, has acted."""

    stage: ClassVar[Stage] = Stage.ANSWER

    @abstractmethod
    def apply(self, reply: Reply) -> Reply:
        """Return the changed answer, an equal one where it changes nothing; raise Cut to lose it."""


class AvatarFault(Fault):
    """Changes how the avatar behaves that a call starts."""

    stage: ClassVar[Stage] = Stage.AVATAR

    @abstractmethod
    def _changes(self) -> Mapping[str, Any]:
        """Return the fields of `Behaviour` that it changes, with their new values."""

    def apply(self, behaviour: Behaviour) -> Behaviour:
        """Return the changed behaviour."""
        return replace(behaviour, **self._changes())


def contradiction(one: Fault, other: Fault) -> str | None:
    """Return what both faults would decide on one call; None where they compose."""
    for mine in sorted(one.claims()):
        for theirs in sorted(other.claims()):
            wide, narrow = sorted((mine, theirs), key=len)
            if f"{narrow}.".startswith(f"{wide}."):
                return narrow
    return None
