"""The life of one `serve`: mock first, LiveKit and page meanwhile, everything gone at the end."""

import asyncio
import logging
import tempfile
import time
from contextlib import ExitStack, suppress
from typing import Protocol

from mockvendors import limits
from mockvendors.cli.background import Background
from mockvendors.cli.checks import check_address, check_livekit
from mockvendors.cli.narrator import Narrator, Tell
from mockvendors.cli.serve_faults import ask
from mockvendors.cli.serve_settings import turn
from mockvendors.cli.serve_signals import Signals
from mockvendors.cli.wish import Wish
from mockvendors.errors import EnvironmentFault
from mockvendors.inspector.scene import Scene
from mockvendors.inspector.viewer import Viewer
from mockvendors.room.livekit import LiveKit
from mockvendors.server import MockServer


class Herald(Protocol):
    """Who is told what there is, when it is there."""

    def listening(self, scene: Scene) -> None:
        """Hear that the vendors answer."""

    def looking(self, scene: Scene, page: str) -> None:
        """Hear which LiveKit there is, if any, and where the page is."""


class Serving:
    """What runs in the background loop."""

    def __init__(self, wish: Wish, tell: Tell) -> None:
        self.mock = MockServer(wish.vendors, wish.host, wish.port, admin_token=wish.admin_token)
        self._addresses: dict[str, str] = {}
        self._page_port = wish.page_port
        self._page = ""
        tenants = {vendor: self.mock.new_tenant(vendor, wish.key) for vendor in wish.vendors}
        turn(tenants.values(), wish.settings)
        ask(tenants.values(), wish.faults)
        for tenant in tenants.values():
            tenant.settle()  # a reset comes back to this
        customers = tuple(self.mock.tenants.values())
        self.scene = Scene(tenants, self._addresses, self.mock.journal, self.mock.harness_faults, customers=customers)
        self._viewer = Viewer(self.scene)
        self._narrator = Narrator(self.scene, tell)
        self._tasks: list[asyncio.Task[None]] = []

    async def listen(self) -> None:
        """Let the vendors and the page answer; nothing is told before both have their ports."""
        await self.mock.start()
        self._page = await self._viewer.start(self._page_port)
        self._addresses.update({vendor: self.mock.base_url(vendor) for vendor in self.scene.tenants})

    async def prepare(self) -> str:
        """Start the lines, and the loading of what avatars need; return the page's address."""
        self._tasks = [asyncio.create_task(self.mock.warm(), name="warm"), asyncio.create_task(self._narrate())]
        return self._page

    async def stop(self) -> None:
        """End every session, stream and task, and tell how they ended."""
        await self.mock.stop()
        await self._viewer.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._narrator.look()

    async def _narrate(self) -> None:
        while True:
            self._narrator.look()
            await asyncio.sleep(limits.SERVE_LOOK)


def serve_until_stopped(wish: Wish, herald: Herald, tell: Tell, signals: Signals) -> None:
    """Serve until SIGINT or SIGTERM; raises KeyboardInterrupt only when it came before anything was served.

    What is wrong with the wish or with the environment's variables is raised before the herald hears anything.
    """
    check_address(wish.host, wish.port, wish.vendors)
    if wish.livekit:
        check_livekit()
    logging.getLogger("livekit").disabled = True  # what matters of it is in the avatars' logs, in our words
    _settle_temporary_folder()
    serving = Serving(wish, tell)
    signals.hold()
    with Background() as background, ExitStack() as livekit:
        try:
            background.call(serving.listen())
            signals.check()
            herald.listening(serving.scene)
            with suppress(KeyboardInterrupt):
                page = background.call(serving.prepare())
                _have_livekit(livekit, wish, serving.scene, tell, signals)
                herald.looking(serving.scene, page)
                _watch(serving.scene.livekit, signals)
        finally:
            background.call(serving.stop())  # before LiveKit, so that the avatars leave in order


def _settle_temporary_folder() -> None:
    """Let `tempfile` choose its folder now: it tries it out with a file, which the process's end would leave there.

    Otherwise some import in a thread is the first to ask, at a time when a signal may end everything.
    """
    with suppress(FileNotFoundError):  # there is none; whoever needs one says so
        tempfile.gettempdir()


def _have_livekit(stack: ExitStack, wish: Wish, scene: Scene, tell: Tell, signals: Signals) -> None:
    """Find or start a LiveKit; without one the mock serves nonetheless, since a request says where its avatar joins."""
    if not wish.livekit:
        scene.without = "no LiveKit was asked for (--no-livekit)"
        return
    from mockvendors.room.server import livekit_server  # noqa: PLC0415 - not before the vendors answer

    try:
        with signals.interrupting():
            scene.livekit = stack.enter_context(livekit_server(lambda line: tell(line, "dim")))
    except EnvironmentFault as fault:
        scene.without = f"no LiveKit is at hand: {fault}"


def _watch(livekit: LiveKit | None, signals: Signals) -> None:
    """Wait for a signal; raise EnvironmentFault when the LiveKit server that was started here has ended."""
    while True:
        with signals.interrupting():
            time.sleep(limits.SERVE_WATCH)
        if livekit is not None and livekit.source != "LIVEKIT_URL":  # a given one may come and go as its owner likes
            livekit.check()
