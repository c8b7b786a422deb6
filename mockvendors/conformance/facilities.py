"""What all cases of a run share, each part started when the first case asks for it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockvendors.conformance.ahead import aloud
from mockvendors.conformance.drivers import Drivers
from mockvendors.conformance.loop import CaseLoop
from mockvendors.conformance.vendor_mode import NO_ROOM, VendorMode
from mockvendors.conformance.verdict import LIVEKIT, NotVerified
from mockvendors.errors import EnvironmentFault, UsageFault


class Facilities:
    """The loop, the drivers, the mock vendors and the LiveKit server of one run."""

    def __init__(self, config: pytest.Config, mode: VendorMode) -> None:
        self._say = aloud(config)
        self.mode = mode
        self.loop = CaseLoop()
        self.drivers = Drivers(self._say, replay=mode.replays, sounds=_sounds(config))
        self._mocks: dict[str, Any] = {}
        self._livekit: Any = None
        self._manager: Any = None
        self._without: str | None = None

    async def mock(self, vendor: str) -> Any:  # a MockServer, imported late
        """Return the mock of a vendor."""
        from mockvendors.server import MockServer

        if vendor not in self._mocks:
            self._mocks[vendor] = MockServer(vendors=[vendor])
            await self._mocks[vendor].__aenter__()
        return self._mocks[vendor]

    def livekit(self) -> Any:  # a LiveKit, imported late
        """Return a real LiveKit server; without one, what needs it is not verified: looked for once."""
        from mockvendors.room.native_log import keep_out
        from mockvendors.room.server import livekit_server

        if not self.mode.has_rooms:
            raise NotVerified(NO_ROOM)
        if self._livekit is None and self._without is None:
            keep_out()
            manager = livekit_server(self._say)
            try:
                server = manager.__enter__()
                self._manager = manager
                self._livekit = replace(server, check=lambda: self._check(server))
            except (EnvironmentFault, UsageFault) as exc:
                self._without = str(exc)
        if self._without is not None:
            raise NotVerified(self._without, lacks=LIVEKIT)
        return self._livekit

    def _check(self, server: Any) -> None:
        """Raise EnvironmentFault when the server is gone; one that we ended ourselves, in the last case's teardown, is not."""
        if self._manager is not None:
            server.check()

    def close(self) -> None:
        """End everything."""
        try:
            self.loop.run(self._close())
        finally:
            manager, self._manager = self._manager, None
            if manager is not None:
                manager.__exit__(None, None, None)
                self.loop.run(_without_stragglers())
            self.loop.close()

    async def _close(self) -> None:
        await self.drivers.stop()
        for mock in self._mocks.values():
            await mock.__aexit__(None, None, None)


def _sounds(config: pytest.Config) -> Path | None:
    """Return the folder below which the fixture `sound` writes."""
    factory: pytest.TempPathFactory | None = getattr(config, "_tmp_path_factory", None)
    if factory is None:
        return None
    from mockvendors.conformance.sound_folder import folder_for_all

    return folder_for_all(factory.getbasetemp())


async def _without_stragglers() -> None:
    """Let late joins end: with their server gone they do soon, and the end of the loop would cancel them."""
    from mockvendors import limits
    from mockvendors.avatar.door import stragglers_gone

    await stragglers_gone(limits.AVATAR_CLOSE)
