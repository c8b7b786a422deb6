"""What `smoke` has seen of each check, and what it says in the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mockvendors.drivers.messages import PROTOCOL, Hello
from mockvendors.drivers.smoke_checks import CHECKS, NO_TRY, Finding

_WORST = {True: 0, None: 1, False: 2}


@dataclass(frozen=True)
class Report:
    """What became of each check, in the order of `CHECKS`; and who greeted, if anybody did."""

    findings: tuple[Finding, ...]
    hello: Hello | None
    stderr: tuple[str, ...] = ()
    """The last lines of the driver that went through a whole session."""
    silent: bool = False
    """It said nothing to `hello`."""

    @property
    def heading(self) -> str:
        """Say who greeted, or that nobody did, or not as the protocol wants it."""
        if self.hello is not None:
            return str(self.hello)
        return "nobody greeted" if self.silent else f"hello was answered, but not as protocol {PROTOCOL} has it"

    @property
    def passed(self) -> bool:
        """Tell whether no check failed."""
        return all(finding.passed is not False for finding in self.findings)

    @property
    def failures(self) -> str:
        """Say in one paragraph what failed, and what to do."""
        return "; ".join(f"{each.check}: {each.told} ({each.remedy})" for each in self.findings if each.passed is False)


@dataclass
class Seen:
    """What was seen of each check so far: the first failure stays, and what was not tried to the end is not passed by another."""

    of: dict[str, Finding] = field(default_factory=dict)
    stderr: tuple[str, ...] = ()
    over: str = ""
    """Why a whole session came to no end; empty for one that did."""
    unanswered: list[str] = field(default_factory=list)
    """Commands that had no answer, each told by its own check."""

    def note(self, check: str, passed: bool | None, told: str, remedy: str = "") -> None:
        """Note what was seen of a check; None: why nothing could be. The remedy is the check's own, where the cause has none."""
        before = self.of.get(check)
        if before is None or (before.passed is not False and _WORST[passed] >= _WORST[before.passed]):
            self.of[check] = Finding(check, passed, told, remedy or CHECKS[check].remedy)

    def failed(self, check: str) -> bool:
        """Tell whether a check has failed."""
        return check in self.of and self.of[check].passed is False

    def findings(self) -> tuple[Finding, ...]:
        """Return all checks; one of which nothing was seen was not tried."""
        nothing = f"not tried: {self.over}" if self.over else NO_TRY
        return tuple(self.of.get(name) or Finding(name, None, nothing, "") for name in CHECKS)


def told(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data."""
    return [{"check": f.check, "passed": f.passed, "told": f.told, "remedy": f.remedy} for f in findings]
