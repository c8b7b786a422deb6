"""Keeping a value of one answer for the requests after it."""

from collections.abc import Mapping
from dataclasses import dataclass

from mockvendors.verify.written import Row


@dataclass(frozen=True)
class Keep:
    """Which value of an answer is kept under a name."""

    name: str
    taken: str | Row
    """JSON pointer into the answer, or the row of a list."""

    def of(self, body: object) -> str | None:
        """Return the value in an answer, None where it has none; only texts can be kept."""
        if isinstance(self.taken, str):
            found = at(body, self.taken)
        else:
            rows = at(body, self.taken.in_)
            fitting = (row for row in rows if _fits(row, self.taken)) if isinstance(rows, list) else iter(())
            found = at(next(fitting, None), self.taken.take)
        return found if isinstance(found, str) and found else None


def _fits(row: object, wanted: Row) -> bool:
    return isinstance(row, Mapping) and all(row.get(name) in allowed for name, allowed in wanted.where.items())


def at(value: object, pointer: str) -> object:
    """Return what stands at a JSON pointer; None where nothing does."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value
