"""What the outside knows of a key: its settings, the tokens and sessions that it was given. No look into the mock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SURELY_RUNS = 60.0
"""Seconds: a session with this much time left is not over before its example is."""


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
    running: bool | None
    """None: its time may be over or not."""


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
