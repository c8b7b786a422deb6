"""The driver processes of a run: one for each implementation, started anew when it died."""

from typing import Any

from mockvendors.conformance.verdict import NotVerified

DEATHS_ALLOWED = 3
"""A driver that dies as often is not started again: the rest of the run is not verified."""


class Drivers:
    """Drivers by the implementation they drive."""

    def __init__(self, python: str | None, *, replay: bool = False) -> None:
        """With `replay` they let nothing out."""
        self._python = python
        self._replay = replay
        self._running: dict[str, Any] = {}
        self._deaths = 0

    async def get(self, plugin: str, traits: Any) -> Any:  # a DriverProcess, imported late
        """Return a living driver of the plugin. Raises UsageFault or HarnessFault where none can be had."""
        from mockvendors.drivers.command import livekit_agents_command, own_path
        from mockvendors.drivers.process import DriverProcess

        driver = self._running.get(plugin)
        if driver is not None and driver.alive and await driver.answers():
            return driver
        if driver is not None:
            self._deaths += 1
            await driver.stop()
        if self._deaths >= DEATHS_ALLOWED:
            raise NotVerified(f"the driver died {self._deaths} times")
        command = livekit_agents_command(plugin, traits.description, self._python, replay=self._replay)
        self._running[plugin] = await DriverProcess.spawn(command, own_path(self._python))
        return self._running[plugin]

    async def stop(self) -> None:
        """End them all."""
        for driver in self._running.values():
            await driver.stop()
