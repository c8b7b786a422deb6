"""What the rest of the harness knows of a LiveKit server, and how a way of getting one says that it is not there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from mockvendors.errors import EnvironmentFault

Source = Literal["LIVEKIT_URL", "path", "cache", "docker", "built"]
"""Where a server came from; `built` only in the run that built it, `cache` afterwards."""

Say = Callable[[str], None]
"""Takes one line for a person; called from the caller's own thread."""


def _alive() -> None:
    """Stand in for the check of a server that nobody watches."""


@dataclass(frozen=True)
class LiveKit:
    """A server that answers to this key and secret; `url` is a ws:// or wss:// address."""

    url: str
    api_key: str
    api_secret: str = field(repr=False)
    source: Source
    version: str | None = None
    """Like "1.11.0"; None when the server was given by LIVEKIT_URL, which does not tell."""
    check: Callable[[], None] = field(default=_alive, repr=False, compare=False)
    """Raises EnvironmentFault, with the tail of the server's log, when the server is gone."""

    @property
    def http_url(self) -> str:
        """The same address for API calls."""
        return "http" + self.url.removeprefix("ws")


class WayMissing(EnvironmentFault):
    """This way to a LiveKit server is not open on this machine; the next one may be."""
