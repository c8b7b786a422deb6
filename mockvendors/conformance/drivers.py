"""The driver processes of a run: one for each implementation, started anew when it died."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockvendors.conformance.verdict import NotVerified
from mockvendors.implementations.implementation import Implementation, Launch, Preparation

DEATHS_ALLOWED = 3
"""A driver that dies as often is not started again: the rest of the run is not verified.

Under pytest-xdist it is the rest of that worker's cases: each worker has drivers of its own, and counts for itself.
"""
GIVEN_UP = f"the driver died, hung or broke the protocol {DEATHS_ALLOWED} times before, and is not started again"
"""The same words for each case that it leaves out: a summary says them once, with the number of cases."""


class Drivers:
    """Drivers by the implementation they drive."""

    def __init__(self, say: Callable[[str], None], *, replay: bool = False, sounds: Path | None = None) -> None:
        """`say` tells a person what takes long. With `replay` the drivers let nothing out. `sounds`: where cases put theirs."""
        self._say = say
        self._replay = replay
        self._sounds = sounds
        self._launches: dict[Implementation, Launch] = {}
        self._running: dict[Implementation, Any] = {}
        self._dead: dict[Implementation, set[Any]] = defaultdict(set)

    async def get(self, who: Implementation, traits: Any) -> Any:  # a DriverProcess, imported late
        """Return a living driver of an implementation. Raises a MockvendorsError where none can be had."""
        from mockvendors.drivers.named import Named
        from mockvendors.drivers.process import DriverProcess

        driver = self._running.get(who)
        if driver is not None and driver.alive and await driver.answers():
            return driver
        if driver is not None:
            self._dead[who].add(driver)  # a death counts once, however many cases come after it
            await self.end(who)
        if len(self._dead[who]) >= DEATHS_ALLOWED:
            raise NotVerified(GIVEN_UP)
        if who not in self._launches:
            self._launches[who] = await self._prepared(who, traits)
        launch = self._launches[who]
        named = Named(who.text, traits.vendor)
        self._running[who] = await DriverProcess.spawn(launch.arguments, launch.environment, launch.folder, named)
        return self._running[who]

    async def _prepared(self, who: Implementation, traits: Any) -> Launch:
        how = Preparation(traits.description, replay=self._replay, sounds=self._sounds, say=self._say)
        launch = who.prepare(how)
        if launch.strange:
            from mockvendors.implementations.tried import hold

            tried = who.prepare(replace(how, replay=False)) if how.replay else launch
            await hold(who.text, tried, traits.vendor, traits.options)
        return launch

    def launch(self, who: Implementation) -> Launch | None:
        """Return how an implementation's driver was started; None before."""
        return self._launches.get(who)

    async def end(self, who: Implementation) -> None:
        """End the driver of an implementation; who is interrupted meanwhile leaves it to `stop`."""
        driver = self._running.get(who)
        if driver is not None:
            await driver.stop()
            del self._running[who]

    async def stop(self) -> None:
        """End them all."""
        for driver in self._running.values():
            await driver.stop()
