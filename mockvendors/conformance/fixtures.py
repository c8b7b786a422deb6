"""The fixtures of the cases: `vendor`, `drive`, `room`, `check`, `sound`. Heavy imports wait until a case asks."""

import asyncio
import functools
import itertools
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from mockvendors.conformance.run import CHECK, DRIVER, LIVEKIT, RUN
from mockvendors.conformance.verdict import NotClaimed, NotVerified
from mockvendors.errors import EnvironmentFault, HarnessFault, MockvendorsError, UsageFault

DEATHS_ALLOWED = 3
"""A driver that dies as often is not started again: the rest of the run is not verified."""

NO_ROOM = {"url": "ws://127.0.0.1:9", "api_key": "devkey", "api_secret": "a-secret-that-opens-no-room-anywhere"}
"""What a case without a room gives the plugin: the discard port, where nothing answers."""

session_fixture = functools.partial(pytest_asyncio.fixture, scope="session", loop_scope="session")
case_fixture = functools.partial(pytest_asyncio.fixture, loop_scope="session")


class Drivers:
    """The driver processes of a run: one for each implementation, started anew when it died."""

    def __init__(self, python: str | None) -> None:
        self._python = python
        self._running: dict[str, Any] = {}
        self._deaths = 0

    async def get(self, plugin: str, traits: Any) -> Any:  # a DriverProcess, imported late
        """Return a living driver of the plugin."""
        from mockvendors.drivers.process import DriverProcess, livekit_agents_command

        driver = self._running.get(plugin)
        if driver is not None and driver.alive and await driver.answers():
            return driver
        if driver is not None:
            self._deaths += 1
            await driver.stop()
        if self._deaths >= DEATHS_ALLOWED:
            raise NotVerified(f"the driver died {self._deaths} times")
        command = livekit_agents_command(plugin, traits.description, self._python)
        try:
            self._running[plugin] = await DriverProcess.spawn(command)
        except MockvendorsError as exc:  # no case can be judged: told once, not for every case
            pytest.exit(str(exc), exc.exit_code)
        return self._running[plugin]

    async def stop(self) -> None:
        """End them all."""
        for driver in self._running.values():
            await driver.stop()


@session_fixture
async def drivers(request: pytest.FixtureRequest) -> AsyncIterator[Drivers]:
    """Yield the drivers of the run."""
    running = Drivers(request.config.getoption("--implementation-python"))
    yield running
    await running.stop()


@pytest.fixture(scope="session")
def livekit(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Yield a real LiveKit server; without one, what needs it is not verified."""
    from mockvendors.room.server import livekit_server

    plugins = request.config.pluginmanager
    terminal: Any = plugins.get_plugin("terminalreporter")
    capture: Any = plugins.get_plugin("capturemanager")

    def say(line: str) -> None:
        if terminal is not None and capture is not None:
            with capture.global_and_fixture_disabled():  # a first build takes minutes: the person in front must see it
                terminal.write_line(line)

    manager = livekit_server(say)
    try:
        server = manager.__enter__()
    except UsageFault as exc:  # of the variables that name the server: told once
        pytest.exit(str(exc), exc.exit_code)
    except EnvironmentFault as exc:
        raise NotVerified(str(exc)) from exc
    yield server
    manager.__exit__(None, None, None)


@session_fixture
async def mocks() -> AsyncIterator[Callable[[str], Any]]:
    """Return the mock vendor of a name, started when first asked for."""
    from mockvendors.server import MockServer

    running: dict[str, Any] = {}

    async def get(name: str) -> Any:
        if name not in running:
            running[name] = MockServer(vendors=[name])
            await running[name].__aenter__()
        return running[name]

    yield get
    for mock in running.values():
        await mock.__aexit__(None, None, None)


@case_fixture
async def vendor(request: pytest.FixtureRequest, mocks: Callable[[str], Any]) -> AsyncIterator[Any]:
    """Yield the mock vendor as one fresh API key sees it; its avatars stay away unless the case has a room."""
    mock = await mocks(request.cls.traits.vendor)
    faults_before = len(mock.harness_faults)
    tenant = mock.new_tenant(request.cls.traits.vendor)
    for name, value in {**request.cls.traits.settings, "avatars": "none"}.items():
        tenant.set(name, value)
    tenant.base_url = mock.base_url(request.cls.traits.vendor)
    yield tenant
    await tenant.close()
    if found := mock.harness_faults[faults_before:]:
        raise HarnessFault(f"the mock broke its own contract: {found[0]}")


@pytest.fixture
def check(request: pytest.FixtureRequest, vendor: Any) -> Any:
    """Hold what was seen against what a rule allows."""
    from mockvendors.conformance.check import Check
    from mockvendors.conformance.rules import RuleBook

    options = [f"--implementation={v}" for v in [request.config.getoption("--implementation")] if v]
    python = request.config.getoption("--implementation-python")
    options += [f"--implementation-python={python}"] if python else []
    command = " ".join(["pytest", f"'{request.node.nodeid}'", *options])
    made = Check(RuleBook(vendor.contract), vendor.journal.text, command, {vendor.api_key})
    request.node.stash[CHECK] = made
    return made


@case_fixture
async def drive(request: pytest.FixtureRequest, drivers: Drivers, vendor: Any, check: Any) -> AsyncIterator[Any]:
    """Yield the implementation, in a job of its own whose room is joined only in cases with a room."""
    from mockvendors.conformance.drive import Drive, Place

    traits = request.cls.traits
    driver = await drivers.get(request.config.stash[RUN].implementation(traits), traits)
    request.node.stash[DRIVER] = driver
    driver.stderr.clear()  # what it says is kept per case
    needs = {name for mark in request.node.iter_markers("needs") for name in mark.args}
    if missing := needs - driver.hello.capabilities:
        raise NotClaimed(f"{driver.hello} does not claim {', '.join(sorted(missing))}")
    session = f"case-{next(_numbers(request.config))}-{secrets.token_hex(3)}"
    first = next((call for claim, call in traits.first.items() if claim in driver.hello.capabilities), traits.start)
    where = Place(**NO_ROOM, room=session, connect=False)
    made = Drive(driver, where, {"base_url": vendor.base_url, "api_key": vendor.api_key}, traits.options, check, session, first)
    yield made
    await made.settle()


def _numbers(config: pytest.Config) -> Iterator[int]:
    return config.stash.setdefault(_COUNT, itertools.count(1))


_COUNT: pytest.StashKey[Iterator[int]] = pytest.StashKey()


@case_fixture
async def room(request: pytest.FixtureRequest, livekit: Any, drive: Any, vendor: Any) -> AsyncIterator[Any]:
    """Yield a real room: the agent joins it, the vendor's avatar joins it, the probe watches it unseen."""
    from dataclasses import replace

    from mockvendors.conformance.room import Room
    from mockvendors.room.probe import Probe

    request.node.stash[LIVEKIT] = livekit
    livekit.check()
    drive.check.secrets.add(livekit.api_secret)
    vendor.set("avatars", "join")
    name = drive.session
    drive.place = replace(drive.place, url=livekit.url, api_key=livekit.api_key, api_secret=livekit.api_secret, connect=True)
    opening = asyncio.create_task(drive.open())  # the agent and the probe join side by side
    try:
        async with Probe.join(livekit, name) as probe:
            await opening
            yield Room(name, livekit, probe)
            await drive.settle()
    finally:
        if not opening.done():  # the probe could not join: the agent's session is not to stay behind
            await asyncio.wait({opening})
            if opening.exception() is None:
                await drive.settle()


@pytest.fixture
def sound(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Make a tone: `sound(seconds, hz=440, rate=24000, channels=1)`."""
    from mockvendors.conformance.sounds import tone

    return functools.partial(tone, tmp_path_factory.getbasetemp())
