"""Keeping a value of one answer for the requests after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockvendors.errors import UsageFault


@dataclass(frozen=True)
class Keep:
    """Which value of an answer is kept under a name: one place, or a place in the first row of a list that fits."""

    name: str
    inside: str
    """JSON pointer to the list; empty where there is none."""
    where: Mapping[str, tuple[object, ...]]
    """Of a row: field -> allowed values."""
    take: str
    """JSON pointer into the answer, or into the row."""

    def of(self, body: object) -> str | None:
        """Return the value in an answer, None where it has none; only texts can be kept."""
        if not self.inside:
            found = at(body, self.take)
        else:
            rows = at(body, self.inside)
            fitting = (row for row in rows if self._fits(row)) if isinstance(rows, list) else iter(())
            found = at(next(fitting, None), self.take)
        return found if isinstance(found, str) and found else None

    def _fits(self, row: object) -> bool:
        return isinstance(row, Mapping) and all(row.get(name) in allowed for name, allowed in self.where.items())


def read_keep(raw: Any, where: str) -> tuple[Keep, ...]:  # noqa: ANN401 - YAML can hold anything
    """Return what a try keeps; `where` names it in errors."""
    if not isinstance(raw, Mapping):
        raise UsageFault(f"{where}: keep is no mapping", "Write name: /pointer")
    return tuple(_keep(name, node, where) for name, node in raw.items())


def _keep(name: str, node: Any, where: str) -> Keep:  # noqa: ANN401 - as above
    if isinstance(node, str) and node.startswith("/"):
        return Keep(name, "", {}, node)
    if not isinstance(node, Mapping) or not {"in", "take"} <= set(node) <= {"in", "where", "take"}:
        raise UsageFault(
            f"{where}: it does not say where {name} stands", "Write /pointer, or {in: /list, where: {...}, take: /pointer}"
        )
    return Keep(name, node["in"], {field: tuple(values) for field, values in node.get("where", {}).items()}, node["take"])


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
