"""What a run has tried, counted, and the table that says so."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from .oracle import Expected
from .wire import Got, Sent

NOWHERE = "(no operation)"


class Figures:
    """Counts of exchanges."""

    def __init__(self) -> None:
        self.way = ""
        """What makes the requests at present."""
        self.ways: Counter[str] = Counter()
        """Requests by what made them."""
        self.exchanges: Counter[tuple[str, int]] = Counter()
        """By operation and status."""
        self.named: Counter[str] = Counter()
        """Refusals by the rule that they named."""
        self.broken: Counter[str] = Counter()
        """Requests by each rule that they broke, named or not."""

    @property
    def total(self) -> int:
        return sum(self.exchanges.values())

    def count(self, sent: Sent, got: Got, expected: Expected) -> None:  # noqa: ARG002 - a request's own figures may come
        """Count one exchange."""
        self.ways[self.way] += 1
        self.exchanges[expected.operation or NOWHERE, got.status] += 1
        self.broken.update(expected.broken)
        named = got.headers.get("x-mockvendors-rule")
        if named:
            self.named[named] += 1

    def never_named(self, raw: Mapping[str, Any]) -> list[str]:
        """Return the rules with a refusal of their own that no refusal has named."""
        return [rule for rule in _refusing(raw) if not self.named[rule]]

    def table(self, raw: Mapping[str, Any]) -> str:
        """Return all counts as text."""
        lines = ["", f"{'operation':20} {'requests':>9} {'accepted':>9} {'refused':>9}  by status"]
        lines += [self._row(operation) for operation in sorted({operation for operation, _ in self.exchanges})]
        lines += ["", f"{'rule':30} {'broken':>9} {'named':>9}"]
        lines += [f"{rule:30} {self.broken[rule]:9} {self.named[rule]:9}" for rule in _refusing(raw)]
        lines += ["", f"never named: {', '.join(self.never_named(raw)) or 'none'}"]
        lines += [f"left out: {_crash(raw)}, which no request breaks: a crash of the mock names it, and is a defect", ""]
        lines += [f"{way:20} {count:9}" for way, count in self.ways.items()]
        return "\n".join(lines)

    def _row(self, operation: str) -> str:
        counts = {status: count for (name, status), count in sorted(self.exchanges.items()) if name == operation}
        accepted = sum(count for status, count in counts.items() if status < 300)
        by_status = "  ".join(f"{status}: {count}" for status, count in counts.items())
        return f"{operation:20} {sum(counts.values()):9} {accepted:9} {sum(counts.values()) - accepted:9}  {by_status}"


def _crash(raw: Mapping[str, Any]) -> str:
    """Return the rule that the mock names when it has failed itself, or when somebody asks it to; here nobody does."""
    return str(raw["x-generic"]["crash"])


def _refusing(raw: Mapping[str, Any]) -> list[str]:
    """Return the rules that a request can break and a refusal can name."""
    return [rule for rule, node in raw["x-rules"].items() if node.get("status") and rule != _crash(raw)]
