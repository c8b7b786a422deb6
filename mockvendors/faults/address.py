"""On which calls a fault acts: by operation, by number, by session."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from mockvendors.errors import UsageFault

Span = tuple[int, int | None]
"""First and last number; None: and all after it."""

_SPAN = re.compile(r"([1-9]\d*)(?:(-)([1-9]\d*)?)?", re.ASCII)
_REMEDY = "Calls are numbered from 1: 2 is the second, 1-3 are the first three, 2- all but the first, 1+4 these two"


@dataclass(frozen=True)
class Calls:
    """Numbers of calls of an operation, from 1."""

    spans: tuple[Span, ...] = ((1, None),)

    @classmethod
    def of(cls, told: "int | str | Iterable[int] | Calls | None") -> Self:
        """Return the calls that a number, numbers, or text like 1-3+7- names; None names every call."""
        if told is None:
            return cls()
        if isinstance(told, Calls):
            return cls(told.spans)
        if isinstance(told, str):
            return cls(tuple(_span(part) for part in told.split("+")))
        numbers = list(told) if isinstance(told, Iterable) else [told]
        if not numbers or any(type(number) is not int or number < 1 for number in numbers):
            raise UsageFault(f"There are no calls {told!r}", _REMEDY)
        return cls(_runs(numbers))

    def __contains__(self, number: int) -> bool:
        return any(first <= number and (last is None or number <= last) for first, last in self.spans)

    def meet(self, other: "Calls") -> bool:
        """Tell whether they have a call in common."""
        return any(_overlap(one, another) for one in self.spans for another in other.spans)

    def __str__(self) -> str:
        return "+".join(_told(span) for span in self.spans)


@dataclass(frozen=True)
class Address:
    """The calls on which a fault acts; what is None does not matter."""

    operation: str | None = None
    calls: Calls = Calls()
    session: int | str | None = None
    """Number of a session in the order in which the tenant started them, from 1, or its id."""

    def meets(self, other: "Address") -> bool:
        """Tell whether a call may be of both."""
        return (
            (None in {self.operation, other.operation} or self.operation == other.operation)
            and (None in {self.session, other.session} or self.session == other.session)
            and self.calls.meet(other.calls)
        )

    def data(self) -> dict[str, str | int]:
        """Return it as plain data, without what does not matter."""
        told = {"operation": self.operation, "calls": str(self.calls), "session": self.session}
        return {name: value for name, value in told.items() if value is not None and (name, value) != ("calls", "1-")}


EVERY_CALL = Address()


def session_of(told: object) -> int | str | None:
    """Return a session's number or id; digits are a number."""
    if told is None or (type(told) is int and told > 0):
        return told
    if isinstance(told, str) and told.isascii() and told.isdigit() and int(told) > 0:
        return int(told)
    if isinstance(told, str) and told and not told.isdigit():
        return told
    raise UsageFault(f"There is no session {told!r}", "Sessions are numbered from 1, or named by their id")


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part.strip())
    if found is None:
        raise UsageFault(f"There are no calls {part!r}", _REMEDY)
    first = int(found[1])
    last = first if found[2] is None else int(found[3]) if found[3] else None
    if last is not None and last < first:
        raise UsageFault(f"There are no calls {part!r}", _REMEDY)
    return first, last


def _runs(numbers: Iterable[int]) -> tuple[Span, ...]:
    spans: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return tuple(spans)


def _overlap(one: Span, other: Span) -> bool:
    return (other[1] is None or one[0] <= other[1]) and (one[1] is None or other[0] <= one[1])


def _told(span: Span) -> str:
    first, last = span
    return f"{first}-" if last is None else str(first) if first == last else f"{first}-{last}"
