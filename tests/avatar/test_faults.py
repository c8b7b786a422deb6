"""What each fault of the avatar shows in a real room, asked for from the mock vendor by its name."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from livekit import rtc

from mockvendors.faults import FAULTS, AvatarFault
from mockvendors.limits import AVATAR_CONNECT, PROBE_WAIT, QUIET_WATCH
from mockvendors.server import MockServer

AVATAR = "anam-avatar-agent"
FULL = (1152, 768)
STOCK = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"


class Scene:
    """A stage on which a mock Anam plays: one start, with the faults that were asked for."""

    def __init__(self, stage, mock, make_tone):
        self.stage, self.mock, self.tone = stage, mock, make_tone
        self.probe = stage.probe
        self.tenant = mock.new_tenant("anam")

    async def start(self, fault):
        """The agent joins, the fault is planned, and the vendor is asked to start."""
        self.agent = await self.stage.agent_joins()
        self.tenant.faults.add_text(fault)
        environment = {"livekitUrl": self.stage.livekit.url, "livekitToken": self.stage.token()}
        body = {"personaConfig": {"avatarId": STOCK}, "environment": environment}
        headers = {"Authorization": f"Bearer {self.tenant.api_key}"}
        url = f"{self.mock.base_url('anam')}/v1/engine/session"
        async with aiohttp.ClientSession() as client, client.post(url, json=body, headers=headers) as answer:
            assert answer.status == 200
            self.session = self.tenant.sessions[(await answer.json())["sessionId"]]

    @property
    def log(self):
        return self.session.log

    async def ready(self):
        """Until the avatar is seen and can be heard."""
        await self.probe.first_frame(AVATAR)
        await self.log.wait_for("published_voice", 5)

    async def says(self, seconds):
        await self.ready()
        await self.agent.say(self.tone(440, seconds))

    async def said(self, count=1):
        await self.agent.until(lambda: len(self.agent.finished) >= count)


@dataclass(frozen=True)
class Row:
    """A fault as text, and what shows it: a check that a right avatar does not pass."""

    fault: str
    shows: Callable[[Scene], Awaitable[None]]

    @property
    def name(self):
        return self.fault.partition(":")[0]


async def never_joins(scene):
    with pytest.raises(TimeoutError):
        await scene.probe.participant(AVATAR, 4 * QUIET_WATCH)
    assert scene.session.state == "starting"


async def joins_late(scene):
    assert (await scene.log.wait_for("joined", AVATAR_CONNECT)).at >= 1.5


async def leaves_early_and_returns(scene):
    await scene.probe.gone(AVATAR)
    assert not scene.probe.video(AVATAR).frames
    settled = await scene.probe.settled_size(AVATAR)
    assert settled.delivered == FULL
    assert len(scene.probe.participants[AVATAR].visits) == 2
    assert scene.session.state == "live"


async def leaves_after(scene):
    await scene.probe.gone(AVATAR)
    assert await scene.session.ended(5) == "left"


async def no_video(scene):
    await scene.log.wait_for("published_voice", 5)
    await scene.probe.participant(AVATAR)
    with pytest.raises(TimeoutError, match=r"(?s)a steady picture of anam-avatar-agent.*Seen so far.* 0 frames"):
        await scene.probe.settled_size(AVATAR, limit=2 * QUIET_WATCH)


async def wrong_size(scene):
    settled = await scene.probe.settled_size(AVATAR)
    assert settled.generated == settled.delivered == settled.publication == (720, 480)


async def size_ramp(scene):
    settled = await scene.probe.settled_size(AVATAR)
    assert settled.generated == settled.delivered == settled.publication == FULL
    assert settled.ramped
    assert scene.probe.video(AVATAR).generated == ((576, 384), FULL)


async def simulcast(scene):
    await scene.probe.first_frame(AVATAR, FULL, 3 * PROBE_WAIT)  # a busy machine is sent the small layers for seconds
    assert scene.probe.video(AVATAR).generated == (FULL,)
    tracks = scene.probe.room.remote_participants[AVATAR].track_publications.values()
    assert [track.simulcasted for track in tracks if track.kind == rtc.TrackKind.KIND_VIDEO] == [True]


async def frozen_frames(scene):
    await scene.probe.settled_size(AVATAR)
    video = scene.probe.video(AVATAR)
    assert video.repeated == video.frames - 1


async def low_fps(scene):
    await scene.probe.settled_size(AVATAR)
    assert scene.probe.video(AVATAR).fps < 8


async def no_playback_started(scene):
    await scene.says(0.3)
    await scene.said()
    assert scene.agent.started == []


async def no_playback_finished(scene):
    await scene.says(0.3)
    await scene.log.wait_for("playback_finished", 5)
    with pytest.raises(TimeoutError):
        await scene.agent.until(lambda: scene.agent.finished, QUIET_WATCH)


async def early_finish(scene):
    await scene.says(2.0)
    await scene.said()
    assert scene.log.of("playback_finished")[0].at - scene.log.of("playback_started")[0].at < 1.5
    assert scene.agent.finished == [{"playback_position": pytest.approx(2.0, abs=0.01), "interrupted": False}]
    assert (await scene.probe.heard(AVATAR, 1.7)).heard_seconds > 1.7


async def doubled_finish(scene):
    await scene.says(0.2)
    await scene.said(2)
    assert scene.agent.finished[0] == scene.agent.finished[1]


async def ignores_interrupt(scene):
    await scene.says(0.8)
    await scene.agent.until(lambda: scene.agent.started)
    assert await scene.agent.interrupt() == "ok"
    await scene.said()
    assert scene.agent.finished == [{"playback_position": pytest.approx(0.8, abs=0.01), "interrupted": False}]


async def leaves_in_speech(scene):
    await scene.says(2.0)
    assert await scene.session.ended(10) == "left"
    await scene.probe.gone(AVATAR)
    assert scene.agent.started == [""]
    assert scene.agent.finished == []


ROWS = [
    Row("never-joins", never_joins),
    Row("joins-late:seconds=1.5", joins_late),
    Row("leaves-early:returns_after=0.3", leaves_early_and_returns),
    Row("leaves-after:seconds=1.0", leaves_after),
    Row("no-video", no_video),
    Row("wrong-size:width=720,height=480", wrong_size),
    Row("size-ramp:steps=576x384@0+1152x768@2", size_ramp),
    Row("simulcast", simulcast),
    Row("frozen-frames", frozen_frames),
    Row("low-fps:fps=5", low_fps),
    Row("no-playback-started", no_playback_started),
    Row("no-playback-finished", no_playback_finished),
    Row("early-finish:factor=0.4", early_finish),
    Row("doubled-finish", doubled_finish),
    Row("ignores-interrupt", ignores_interrupt),
    Row("leaves-in-speech:seconds=0.3", leaves_in_speech),
]


@pytest.fixture(scope="module")
async def mock():
    async with MockServer(["anam"]) as server:
        await server.warm()
        yield server
    assert [str(fault) for fault in server.harness_faults] == []


@pytest.fixture
async def scene(stage, mock, make_tone):
    scene = Scene(stage, mock, make_tone)
    yield scene
    await scene.tenant.close()


def test_every_fault_of_the_avatar_has_a_row():
    known = {name for name, kind in FAULTS.items() if issubclass(kind, AvatarFault)}
    assert sorted(row.name for row in ROWS) == sorted(known)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_effect(scene, row):
    await scene.start(row.fault)
    await row.shows(scene)
    assert scene.tenant.faults.unmet() == []
    assert scene.tenant.journal.entries[0].faults == (row.name,)
    assert not scene.log or not scene.log.of("crashed")


@pytest.mark.parametrize("fault", ["never-joins", "joins-late:seconds=600", "leaves-early:returns_after=600"])
async def test_no_wait_of_an_avatar_outlives_its_tenant(scene, fault):
    await scene.start(fault)
    if fault.startswith("leaves"):
        await scene.log.wait_for("left", AVATAR_CONNECT)
    running = [task for task in asyncio.all_tasks() if task.get_name() == f"session-{scene.session.id}"]
    await scene.tenant.close()
    assert [task.done() for task in running] == [True]
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("avatar")]
    assert scene.session.reason != "cancelled", "it went by itself"
