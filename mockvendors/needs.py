"""What a vendor's module reads of its contract: checked when the two are put together, before anything is served."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockvendors.contract import Contract
from mockvendors.errors import UsageFault


@dataclass(frozen=True)
class Needs:
    """Names in a contract that code of a vendor names too."""

    rules: tuple[str, ...]
    settings: tuple[str, ...]
    tables: tuple[str, ...]
    """Paths below `x-tables`, with dots; `*` is every row: `plans.*.max_session_seconds`."""

    def check(self, contract: Contract) -> None:
        """Refuse a contract that lacks one; the UsageFault names file and place."""
        lacking = [f"x-rules.{name}" for name in self.rules if name not in contract.rules]
        lacking += [f"x-settings.{name}" for name in self.settings if name not in contract.settings]
        for path in self.tables:
            lacking += _lacking(contract.tables, path.split("."), "x-tables")
        if lacking:
            more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
            raise UsageFault(
                f"{contract.vendor}/contract.yaml: {lacking[0]}{more} is missing, which the mock of {contract.vendor} needs",
                "Give it back the name that it had, or add it",
            )


def _lacking(node: Any, path: list[str], where: str) -> Iterator[str]:  # noqa: ANN401 - any node of the document
    """Yield the places of a path that are not there."""
    if not path:
        return
    name, rest = path[0], path[1:]
    if not isinstance(node, Mapping) or (name != "*" and name not in node):
        yield f"{where}.{name}"
        return
    for key in node if name == "*" else [name]:
        yield from _lacking(node[key], rest, f"{where}.{key}")
