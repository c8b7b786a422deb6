"""The fixtures of the cases: `vendor`, `check`, `drive`, `livekit`, `room`, `sound`. Heavy imports wait until a case asks.

They are methods of the base class of all cases: a test outside of it does not see them, and a fixture of the same name in
the user's own conftest stays the user's.
"""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from mockvendors.conformance.facilities import Facilities
from mockvendors.conformance.implementation import of_case
from mockvendors.conformance.loop import CaseLoop, hide_async_cases, loop_fixture
from mockvendors.conformance.reproduce import command
from mockvendors.conformance.scene import scene
from mockvendors.conformance.verdict import NoRoom, NotClaimed
from mockvendors.drivers.claims import ROOM

NO_ROOM = {"url": "ws://127.0.0.1:9", "api_key": "devkey", "api_secret": "a-secret-that-opens-no-room-anywhere"}
"""What a case without a room gives the plugin: the discard port, where nothing answers."""

_COUNT: pytest.StashKey[Iterator[int]] = pytest.StashKey()


class CaseFixtures:
    """A class that derives from it holds cases: async functions that ask for these fixtures."""

    traits: ClassVar[Any]
    loop: CaseLoop

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        hide_async_cases(cls)

    @pytest.fixture(autouse=True)
    def case_loop(self, mockvendors_facilities: Facilities) -> None:
        """Give the case the loop of the run, before any other fixture of ours."""
        self.loop = mockvendors_facilities.loop

    @pytest.fixture(autouse=True)
    def implementation(self, request: pytest.FixtureRequest) -> Any:
        """Return the implementation that the case judges; one of several where the run names more than one."""
        return of_case(request.node)

    @loop_fixture
    async def vendor(self, request: pytest.FixtureRequest, mockvendors_facilities: Facilities) -> AsyncIterator[Any]:
        """Yield the vendor as `--vendor-mode` has it: by default a mock, as one fresh API key sees it."""
        async with mockvendors_facilities.mode.vendor(request.node, mockvendors_facilities) as vendor:
            yield vendor

    @pytest.fixture
    def check(self, request: pytest.FixtureRequest, vendor: Any) -> Any:
        """Hold what was seen against what a rule allows."""
        from mockvendors.conformance.check import Check
        from mockvendors.conformance.rules import RuleBook

        made = Check(
            RuleBook(vendor.contract, request.node.path.parent), vendor.journal.text, command(request.node), {vendor.api_key}
        )
        scene(request.node).check = made
        return made

    @loop_fixture
    async def drive(
        self,
        request: pytest.FixtureRequest,
        mockvendors_facilities: Facilities,
        vendor: Any,
        check: Any,
    ) -> AsyncIterator[Any]:
        """Yield the implementation, in a job of its own whose room is joined only in cases with a room."""
        from mockvendors.conformance.drive import Drive, Place

        driver = await mockvendors_facilities.drivers.get(of_case(request.node), self.traits)
        scene(request.node).driver = driver
        driver.stderr.clear()  # what it says is kept per case
        driver.waits.clear()
        needs = {name for mark in request.node.iter_markers("needs") for name in mark.args}
        needs |= {ROOM} & set(request.fixturenames)  # a driver may have no agent that could join one
        if missing := needs - driver.hello.capabilities:
            kind, named = NoRoom if ROOM in missing else NotClaimed, sorted(missing)
            raise kind(f"{driver.hello} does not claim {', '.join(named)}", named)
        session = f"case-{next(_numbers(request.config))}-{secrets.token_hex(3)}"
        traits = self.traits
        first = next((call for claim, call in traits.first.items() if claim in driver.hello.capabilities), traits.start)
        where = Place(**NO_ROOM, room=session, connect=False)
        address = {"base_url": vendor.base_url, "api_key": vendor.api_key}
        async with mockvendors_facilities.mode.driver(request.node, driver, session, vendor) as hand:
            options = {**traits.options, **mockvendors_facilities.mode.options}
            made = Drive(hand, where, address, options, check, session, first)
            yield made
            await made.settle()
        driver.events.forget(session)

    @pytest.fixture
    def livekit(self, mockvendors_facilities: Facilities) -> Any:
        """Return a real LiveKit server; without one, what needs it is not verified."""
        return mockvendors_facilities.livekit()

    @loop_fixture
    async def room(self, request: pytest.FixtureRequest, drive: Any, livekit: Any, vendor: Any) -> AsyncIterator[Any]:
        """Yield a real room: the agent joins it, the vendor's avatar joins it, the probe watches it unseen."""
        from mockvendors.conformance.room import Room
        from mockvendors.room.probe import Probe

        here = scene(request.node)
        here.livekit, here.room = livekit, drive.session
        livekit.check()
        drive.check.secrets.add(livekit.api_secret)
        vendor.set("avatars", "join")
        drive.place = replace(drive.place, url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret, connect=True)
        opening = asyncio.create_task(drive.open())  # the agent and the probe join side by side
        try:
            async with Probe.join(livekit, drive.session) as probe:
                await opening
                yield Room(drive.session, livekit, probe)
                await drive.settle()
        finally:
            if not opening.done():  # the probe could not join: the agent's session is not to stay behind
                await asyncio.wait({opening})
                if opening.exception() is None:
                    await drive.settle()

    @pytest.fixture
    def sound(self, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
        """Make a tone: `sound(seconds, hz=440, rate=the vendor's, channels=1)`."""
        from mockvendors.conformance.sound_folder import folder_for_all
        from mockvendors.conformance.sounds import tone

        def make(seconds: float, hz: float = 440.0, rate: int = self.traits.speech_rate, channels: int = 1) -> Any:
            return tone(folder_for_all(tmp_path_factory.getbasetemp()), seconds, hz, rate, channels)

        return make


def _numbers(config: pytest.Config) -> Iterator[int]:
    return config.stash.setdefault(_COUNT, itertools.count(1))
