"""The avatar speaks with the end that agents really use: livekit-agents' own data stream output."""

import asyncio

import pytest
from livekit import rtc

avatar_io = pytest.importorskip("livekit.agents.voice.avatar", reason="livekit-agents is not installed")

AVATAR = "anam-avatar-agent"
RATE = 24_000


@pytest.fixture
async def output(stage):
    await stage.agent_joins()
    room = stage.agent.room
    for method in ("lk.playback_started", "lk.playback_finished"):
        room.local_participant.unregister_rpc_method(method)
    return avatar_io.DataStreamAudioOutput(
        room,
        destination_identity=AVATAR,
        sample_rate=RATE,
        wait_remote_track=rtc.TrackKind.KIND_VIDEO,
        wait_playback_start=True,
    )


async def push(output, sound: bytes) -> None:
    step = RATE // 10 * 2
    for start in range(0, len(sound), step):
        data = sound[start : start + step]
        await output.capture_frame(rtc.AudioFrame(data, RATE, 1, len(data) // 2))
    output.flush()


async def test_speech_is_played_and_reported(stage, output, make_tone, lasting):
    begun = []
    output.on("playback_started", begun.append)
    avatar = stage.start()
    await push(output, make_tone(440, 1.0))
    played = await asyncio.wait_for(output.wait_for_playout(), 10)
    assert played.playback_position == pytest.approx(1.0, abs=0.02)
    assert played.interrupted is False
    assert len(begun) == 1
    voice = await stage.probe.heard(AVATAR, 0.8)
    assert voice.heard_seconds in lasting(1.0)
    assert voice.pitch_hz == pytest.approx(440, rel=0.03)
    assert not avatar.log.of("rpc_failed")


async def test_an_interrupt_is_reported_within_the_agents_patience(stage, output, make_tone):
    begun = asyncio.Event()
    output.on("playback_started", lambda _: begun.set())
    avatar = stage.start()
    await push(output, make_tone(440, 5.0))
    await asyncio.wait_for(begun.wait(), 10)
    output.clear_buffer()
    played = await asyncio.wait_for(output.wait_for_playout(), 1.9)
    assert played.interrupted is True
    assert played.playback_position < 2
    await push(output, make_tone(550, 0.5))
    played = await asyncio.wait_for(output.wait_for_playout(), 10)
    assert (played.interrupted, round(played.playback_position, 2)) == (False, 0.5)
    assert [entry.data["segment"] for entry in avatar.log.of("playback_finished")] == [1, 2]
