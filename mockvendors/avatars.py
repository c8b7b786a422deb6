"""Where a mock vendor gets its avatars from, without loading LiveKit's library before the first is needed."""

import asyncio
import importlib
import sys
from typing import TYPE_CHECKING, Protocol, cast

from mockvendors.avatar.plan import AvatarPlan

if TYPE_CHECKING:
    from mockvendors.avatar.log import AvatarLog

_WORKER = "mockvendors.avatar.worker"


class Avatar(Protocol):
    """The participant of one session, as long as it lives."""

    @property
    def log(self) -> "AvatarLog":
        """What it saw and did."""
        ...

    async def run(self) -> str:
        """Live, and return why it ended."""
        ...

    def stop(self, reason: str) -> None:
        """End it; `run` returns once everything is closed."""
        ...


class AvatarFactory(Protocol):
    """Makes avatars; what is slow about that happens in `warm`."""

    @property
    def ready(self) -> bool:
        """Whether `make` returns at once."""
        ...

    async def warm(self) -> None:
        """Get ready, without blocking the loop."""
        ...

    def make(self, plan: AvatarPlan) -> Avatar:
        """Return the avatar of one session, not running yet."""
        ...


class LiveKitAvatars:
    """The avatars of `mockvendors.avatar`; the library behind them takes half a second to load."""

    @property
    def ready(self) -> bool:
        """Whether the library is loaded."""
        return _WORKER in sys.modules

    async def warm(self) -> None:
        """Load the library in a thread."""
        await asyncio.to_thread(importlib.import_module, _WORKER)

    def make(self, plan: AvatarPlan) -> Avatar:
        """Return an avatar that will join as `plan` says."""
        return cast("Avatar", importlib.import_module(_WORKER).Avatar(plan))
