"""A real room server, and a scripted agent: the other end of the speech protocol, written with livekit rtc alone."""

import asyncio
import json
import time
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
from livekit import api, rtc

from mockvendors.avatar.door import leave
from mockvendors.avatar.late import is_late
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.avatar.worker import Avatar
from mockvendors.limits import scaled
from mockvendors.room.probe import Probe
from mockvendors.room.rooms import participants
from mockvendors.room.tokens import join_token

AVATAR = "anam-avatar-agent"
AGENT = "the-agent"
RATE = 24_000


def tone(hertz: float, seconds: float, rate: int = RATE, level: int = 8000) -> bytes:
    at = np.arange(int(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hertz * at) * level).astype("<i2").tobytes()


@dataclass
class Agent:
    """Sends speech, interrupts, and notes what the avatar reports."""

    room: rtc.Room = field(default_factory=rtc.Room)
    started: list[str] = field(default_factory=list)
    finished: list[dict] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    source: rtc.AudioSource | None = None

    def listen(self, *, knows_started: bool = True) -> None:
        def on_started(call: rtc.RpcInvocationData) -> str:
            self.started.append(call.payload)
            self.changed.set()
            return "ok"

        def on_finished(call: rtc.RpcInvocationData) -> str:
            self.finished.append(json.loads(call.payload))
            self.changed.set()
            return "ok"

        if knows_started:
            self.room.local_participant.register_rpc_method("lk.playback_started", on_started)
        self.room.local_participant.register_rpc_method("lk.playback_finished", on_finished)

    async def publish(self) -> None:
        """Publish a silent track: the room announces those who publish nothing up to 3 s late."""
        self.source = rtc.AudioSource(RATE, 1)
        track = rtc.LocalAudioTrack.create_audio_track("silence", self.source)
        await self.room.local_participant.publish_track(track)

    async def open(self, attributes: dict[str, str] | None = None) -> rtc.ByteStreamWriter:
        if attributes is None:
            attributes = {"sample_rate": str(RATE), "num_channels": "1"}
        return await self.room.local_participant.stream_bytes(
            name=f"AUDIO_{uuid.uuid4().hex[:8]}",
            topic="lk.audio_stream",
            destination_identities=[AVATAR],
            attributes=attributes,
        )

    async def say(self, sound: bytes, attributes: dict[str, str] | None = None) -> None:
        writer = await self.open(attributes)
        for start in range(0, len(sound), 9_600):
            await writer.write(sound[start : start + 9_600])
        await writer.aclose()

    async def interrupt(self) -> str:
        return await self.room.local_participant.perform_rpc(destination_identity=AVATAR, method="lk.clear_buffer", payload="")

    async def until(self, condition, limit: float = 10.0) -> None:
        async with asyncio.timeout(scaled(limit)):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


class Stage:
    """One room with a probe, an agent and avatars; ends by checking that nothing is left."""

    def __init__(self, livekit, name: str, probe: Probe, new_plan) -> None:
        self.livekit = livekit
        self.new_plan = new_plan
        self.name = name
        self.probe = probe
        self.agent = Agent()
        self.runs: list[tuple[Avatar, asyncio.Task[str]]] = []

    def token(self, identity: str = AVATAR, on_behalf_of: str = AGENT) -> str:
        return self.new_plan(self.livekit, self.name, identity, on_behalf_of).token

    def plan(self, **changes) -> AvatarPlan:
        return self.new_plan(self.livekit, self.name, AVATAR, AGENT, **{"tag": 77} | changes)

    def start(self, **changes) -> Avatar:
        avatar = Avatar(self.plan(**changes))
        self.runs.append((avatar, asyncio.create_task(avatar.run())))
        return avatar

    async def reason(self, avatar: Avatar, limit: float = 15.0) -> str:
        run = next(run for known, run in self.runs if known is avatar)
        async with asyncio.timeout(scaled(limit)):
            return await asyncio.shield(run)

    async def agent_joins(self, *, knows_started: bool = True) -> Agent:
        self.agent = Agent()
        token = join_token(self.livekit, self.name, AGENT, kind="agent")
        await self.agent.room.connect(self.livekit.url, token, rtc.RoomOptions(auto_subscribe=False))
        self.agent.listen(knows_started=knows_started)
        await self.agent.publish()
        return self.agent

    async def server(self, call):
        async with api.LiveKitAPI(self.livekit.http_url, self.livekit.api_key, self.livekit.api_secret) as server:
            return await call(server.room)

    async def remove(self, identity: str = AVATAR) -> None:
        await self.server(lambda rooms: rooms.remove_participant(api.RoomParticipantIdentity(room=self.name, identity=identity)))

    async def delete(self) -> None:
        await self.server(lambda rooms: rooms.delete_room(api.DeleteRoomRequest(room=self.name)))

    async def identities(self, awaited: list[str]) -> list[str]:
        """Return who is in the room but the probe once nobody is on the way there; the server may see it a moment later."""
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name().startswith("room-")))
        end = time.monotonic() + scaled(5.0)
        while True:
            present = await participants(self.livekit, self.name)
            others = [one.identity for one in present if one.identity != self.probe.identity]
            if others == awaited or time.monotonic() > end:
                return others

    async def close(self) -> None:
        for avatar, run in self.runs:
            avatar.stop()
            await run
            assert not avatar.log.of("crashed"), avatar.log.of("crashed")[0].data["traceback"]
            assert len(avatar.plan.token) < 50 or avatar.plan.token not in avatar.log.text()
        await leave(self.agent.room)


@asynccontextmanager
async def no_task_left():
    """Fail if the block leaves a task behind."""
    before = asyncio.all_tasks()
    yield
    for _ in range(100):
        left = {t for t in asyncio.all_tasks() - before - {asyncio.current_task()} if not t.done() and not is_late(t)}
        if not left:
            return
        await asyncio.sleep(0.01)
    pytest.fail("tasks left behind: " + "; ".join(str(task) for task in left))


@pytest.fixture
async def stage(livekit, new_plan):
    async with no_task_left():
        name = f"room-{uuid.uuid4().hex[:8]}"
        async with Probe.join(livekit, name) as probe:
            stage = Stage(livekit, name, probe, new_plan)
            try:
                yield stage
            finally:
                await stage.close()


@pytest.fixture
def make_tone():
    return tone


@dataclass(frozen=True)
class Lasting:
    """The lengths at which a sound may be heard: none of it may be missing, and a busy machine stretches it."""

    seconds: float

    def __contains__(self, heard: float) -> bool:
        return self.seconds - 0.1 <= heard <= self.seconds * 1.4 + 0.1


@pytest.fixture
def lasting():
    return Lasting
