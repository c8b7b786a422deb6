"""What the outside knows of a key: its settings, the tokens and sessions that it was given. No look into the mock."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class GivenToken:
    """A session token out of the token call."""

    config: Mapping[str, Any]
    expired: bool
    used: bool = False


@dataclass
class Started:
    """A session out of an accepted start."""

    label: str | None
    model: str
    asked: tuple[float, float]
    """When it was asked for and when that was answered, in seconds since 1970."""
    longest: float
    """Seconds after which it ends by itself."""
    until: float
    """Until then it runs for certain, by the monotonic clock."""
    stopped: tuple[float, float] | None = None
    """When it was asked to stop and when that was answered."""
    told: dict[str, Any] = field(default_factory=dict)
    """What was said of it once and cannot change: its start, and its end."""

    @property
    def running(self) -> bool | None:
        """Whether it runs; None: its time may be over or not, also on a machine that has stood still."""
        if self.stopped is not None or self.told.get("endTime") is not None:
            return False
        return True if time.monotonic() < self.until else None

    def stop(self, between: tuple[float, float]) -> None:
        """Write down that it was stopped, unless it had ended before."""
        if self.running is not False:
            self.stopped = between


@dataclass
class Ledger:
    """One key."""

    key: str
    settings: dict[str, Any]
    tokens: dict[str, GivenToken] = field(default_factory=dict)
    sessions: dict[str, Started] = field(default_factory=dict)

    @property
    def slots(self) -> tuple[int, int]:
        """The fewest and the most sessions that may be running now."""
        running = [session.running for session in self.sessions.values()]
        return running.count(True), running.count(True) + running.count(None)

    def holder(self, secret: str) -> str | None:
        """Return the contract's name of the credential that a secret is for this key, None for a stranger's."""
        if secret == self.key:
            return "apiKey"
        return "sessionToken" if secret in self.tokens else None
