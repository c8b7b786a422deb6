"""Sets of allowed outcomes, for the cases where more than one value is right."""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Allowed(Protocol):
    """A set of values with a text that a failure can print."""

    def holds(self, actual: object) -> bool:
        """Tell whether the value is in the set."""

    def __str__(self) -> str: ...


class OneOf:
    """Any of these values."""

    def __init__(self, *values: object) -> None:
        self._values = values

    def holds(self, actual: object) -> bool:
        """Tell whether the value is one of them."""
        return actual in self._values

    def __str__(self) -> str:
        return "one of " + ", ".join(repr(value) for value in self._values)


class Between:
    """A number within both ends."""

    def __init__(self, low: float, high: float, unit: str = "") -> None:
        self._low, self._high, self._unit = low, high, unit

    def holds(self, actual: Any) -> bool:
        """Tell whether it is a number within the ends."""
        return isinstance(actual, int | float) and self._low <= actual <= self._high

    def __str__(self) -> str:
        return f"between {self._low:g} and {self._high:g} {self._unit}".rstrip()


class Holds:
    """Whatever a predicate accepts, described in words."""

    def __init__(self, text: str, predicate: Callable[[Any], bool]) -> None:
        self._text, self._predicate = text, predicate

    def holds(self, actual: object) -> bool:
        """Tell whether the predicate accepts the value."""
        return self._predicate(actual)

    def __str__(self) -> str:
        return self._text
