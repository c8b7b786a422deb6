"""Whoever the page sends into a room leaves it again, whenever the browser or `serve` goes; a real LiveKit tells who is there."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace

import aiohttp
import pytest

from mockvendors import limits
from mockvendors.inspector.scene import Scene
from mockvendors.inspector.viewer import Viewer
from mockvendors.inspector.watch import Watch
from mockvendors.journal import Journal
from mockvendors.room.rooms import participants, rooms
from mockvendors.server import MockServer
from tests.late_door import late_door

REQUESTS = 3


class Page:
    """A viewer on one LiveKit, the door to it, and a browser."""

    def __init__(self, livekit, door, new_plan):
        tenant = MockServer(["anam"]).new_tenant("anam")
        tenant.set("avatars", "none")
        self.livekit, self.door, self.new_plan = livekit, door, new_plan
        slow = replace(livekit, url=door.url)
        self.scene = Scene({"anam": tenant}, {"anam": "http://127.0.0.1:1"}, Journal(), livekit=slow)
        self.viewer = Viewer(self.scene)
        self.address = ""

    def session(self, room: str) -> str:
        """Return a session whose avatar would be in this room."""
        plan = replace(self.new_plan(self.livekit, room), url=self.door.url)
        return self.scene.tenants["anam"].start_session(plan, {}).id

    async def state(self) -> dict:
        async with aiohttp.ClientSession() as http, http.get(f"{self.address}state.json") as reply:
            return await reply.json()

    async def begin(self, method: str, path: str) -> "asyncio.Task[int]":
        """Send a request and return it when it knocks at the door."""

        async def ask() -> int:
            async with aiohttp.ClientSession() as http, http.request(method, self.address + path) as reply:
                await reply.read()
                return reply.status

        request = asyncio.create_task(ask())
        await self.door.knocks.acquire()
        return request

    async def abort(self, *requests: "asyncio.Task[int]") -> None:
        """Go away, as a browser does, and return when the page's server knows."""
        for request in requests:
            request.cancel()
        await asyncio.gather(*requests, return_exceptions=True)
        while self.viewer._runner.server.connections:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(limits.LIVEKIT_POLL)


async def nobody_is_left(livekit, before: set[str], count: int) -> None:
    """Return when so many new rooms were opened and are empty; fail the test's time limit otherwise."""
    while True:
        found = set(await rooms(livekit)) - before
        if len(found) >= count and not any([await participants(livekit, room) for room in found]):
            return
        await asyncio.sleep(limits.LIVEKIT_POLL)


@asynccontextmanager
async def in_time():
    async with asyncio.timeout(limits.scaled(20)):
        yield


@pytest.fixture
async def page(livekit, new_plan):
    async with late_door(livekit) as door:
        made = Page(livekit, door, new_plan)
        made.address = await made.viewer.start()
        yield made
        await made.viewer.stop()
        await made.scene.tenants["anam"].close()
        door.opened.set()
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("room-")))


@pytest.mark.parametrize("patience", [limits.AVATAR_JOIN_PATIENCE, 0.0])
async def test_an_aborted_request_for_a_room_leaves_nobody_in_one(page, livekit, monkeypatch, patience):
    """Whether the join comes to its end soon after, or so late that nobody waits for it."""
    monkeypatch.setattr(limits, "AVATAR_JOIN_PATIENCE", patience)
    before = set(await rooms(livekit))
    async with in_time():
        await page.abort(*[await page.begin("POST", "rooms") for _ in range(REQUESTS)])
        page.door.opened.set()
        await nobody_is_left(livekit, before, REQUESTS)
    assert (await page.state())["rooms"] == []


async def test_the_page_may_end_while_a_room_is_opened(page, livekit):
    before = set(await rooms(livekit))
    async with in_time():
        request = await page.begin("POST", "rooms")
        await page.viewer.stop()
        with pytest.raises(aiohttp.ClientError):
            await request
        page.door.opened.set()
        await nobody_is_left(livekit, before, 1)


@pytest.mark.parametrize(("method", "status"), [("video.mjpeg", 502), ("voice.wav", 502)])
async def test_a_look_that_takes_too_long_leaves_nobody_in_the_room(page, livekit, monkeypatch, method, status):
    monkeypatch.setattr(limits, "PROBE_JOIN", 0.1)
    before = set(await rooms(livekit))
    async with in_time():
        request = await page.begin("GET", f"sessions/{page.session(f'late-{method}')}/{method}")
        assert await request == status
        page.door.opened.set()
        await nobody_is_left(livekit, before, 1)


async def test_an_aborted_look_leaves_nobody_in_the_room(page, livekit):
    before = set(await rooms(livekit))
    async with in_time():
        await page.abort(await page.begin("GET", f"sessions/{page.session('aborted')}/video.mjpeg"))
        page.door.opened.set()
        await nobody_is_left(livekit, before, 1)


async def test_the_page_may_end_while_somebody_begins_to_look(page, livekit, monkeypatch):
    """It does not wait for a join that takes its time."""
    monkeypatch.setattr(limits, "PROBE_JOIN", 600.0)
    before = set(await rooms(livekit))
    async with in_time():
        request = await page.begin("GET", f"sessions/{page.session('ended')}/video.mjpeg")
        await page.viewer.stop()
        with pytest.raises(aiohttp.ClientError):
            await request
        page.door.opened.set()
        await nobody_is_left(livekit, before, 1)


async def test_a_track_that_comes_while_the_watch_leaves_is_not_looked_at(livekit):
    """Nobody would end the reading of it any more."""
    watch = Watch(livekit, livekit.url, "left", "face")
    await watch.close()
    before = asyncio.all_tasks()
    watch._room.emit("track_subscribed", SimpleNamespace(kind=1), SimpleNamespace(sid="TR_1"), SimpleNamespace(identity="face"))
    assert asyncio.all_tasks() == before
