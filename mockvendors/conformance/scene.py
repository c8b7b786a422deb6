"""Who takes part in one case: noted on its item as they come, and asked when its verdict is due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from mockvendors.errors import MockvendorsError


@dataclass
class Scene:
    """The participants of a case; None for those that it never asked for."""

    check: Any = None
    """The case's Check."""
    driver: Any = None
    """The DriverProcess that served it."""
    tenant: Any = None
    """The mock vendor, as the case's key sees it."""
    livekit: Any = None
    """The LiveKit server of a case with a room."""
    room: str | None = None
    """Name of its room."""
    faults: Callable[[], Sequence[MockvendorsError]] = tuple
    """What the mock has done wrong since the case began."""
    excused: bool = False
    """Such a fault was told instead of what the case said."""
    passed: bool = False
    """Every check of it held."""
    verdict: Any = None
    """Of its call; None before."""

    @property
    def implementation(self) -> str:
        """Who was judged, in words; empty where nobody was asked."""
        return str(self.driver.hello) if self.driver is not None else ""

    @property
    def version(self) -> str:
        """The implementation's version; 0 where nobody was asked."""
        return str(self.driver.hello.version) if self.driver is not None and self.driver.hello else "0"


_SCENE: pytest.StashKey[Scene] = pytest.StashKey()


def scene(item: pytest.Item) -> Scene:
    """Return the scene of a case, empty before its first fixture."""
    return item.stash.setdefault(_SCENE, Scene())
