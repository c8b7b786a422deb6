"""Who answers the cases: a mock vendor, a mock (or the vendor itself) that is recorded, or a recording.

| `--vendor-mode` | answers | started |
|---|---|---|
| mock | the mock of the run | mock server, LiveKit server |
| record | that mock, or `--record-upstream`, through a recording proxy | mock server |
| cassette | the recording, inside of the driver's own process | neither |
"""

from collections.abc import Collection, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest

from mockvendors import paths
from mockvendors.errors import UsageFault

SUITE = "suite"
"""The recording of a vendor's own suite."""
NO_ROOM = "a case with a room is neither recorded nor replayed"


class VendorMode(Protocol):
    """What differs between the modes."""

    replays: bool
    """Whether drivers let nothing out."""
    has_rooms: bool
    """Whether cases with a room are run."""
    options: Mapping[str, str]
    """What is sent in the place of the suite's own options."""

    def begin(self, suites: Collection[Any]) -> None:
        """Check the options against the chosen suites (their traits) before anything is started. Raises UsageFault."""

    def vendor(self, item: pytest.Item, facilities: Any) -> AbstractAsyncContextManager[Any]:
        """Give a case its vendor; NotVerified tells why this mode has none for it."""

    def driver(self, item: pytest.Item, driver: Any, session: str, vendor: Any) -> AbstractAsyncContextManager[Any]:
        """Give a case its driver, as `Drive` knows one."""

    def notes(self) -> Mapping[str, int]:
        """Return lines for the summary, each with the exit code that it asks for."""


def folder(config: pytest.Config, vendor: str, vendors: int) -> Path:
    """Return where the recording of a vendor's suite lies or goes; one folder holds one vendor."""
    given: Path | None = config.getoption("--cassettes")
    if given is not None and vendors > 1:
        raise UsageFault("--cassettes names the recording of one vendor, and these suites are of several", "Run one suite")
    return given.absolute() if given is not None else paths.fixtures() / "cassettes" / vendor / SUITE
