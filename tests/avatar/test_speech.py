"""Speech sent by the agent is heard in the room, and every segment is reported exactly once."""

import pytest

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.limits import QUIET_WATCH

AVATAR = "anam-avatar-agent"


async def ready(stage, *, knows_started=True, **plan):
    """An agent and an avatar in the room, both tracks published and the voice audible."""
    agent = await stage.agent_joins(knows_started=knows_started)
    avatar = stage.start(**plan)
    await stage.probe.first_frame(AVATAR)
    await avatar.log.wait_for("published_voice", 5)
    return agent, avatar


async def test_a_tone_is_heard_with_its_length_and_pitch(stage, make_tone, lasting):
    agent, avatar = await ready(stage)
    await agent.say(make_tone(440, 1.0))
    voice = await stage.probe.heard(AVATAR, 0.8)
    assert voice.heard_seconds in lasting(1.0)
    assert voice.pitch_hz == pytest.approx(440, rel=0.03)
    assert voice.gaps == ()
    await agent.until(lambda: agent.finished)
    assert agent.started == [""]
    assert agent.finished == [{"playback_position": pytest.approx(1.0, abs=0.01), "interrupted": False}]
    opened, closed = avatar.log.of("stream_opened")[0].data, avatar.log.of("stream_closed")[0].data
    assert (opened["topic"], opened["sender"]) == ("lk.audio_stream", "the-agent")
    assert opened["attributes"] == {"sample_rate": "24000", "num_channels": "1"}
    assert (closed["samples"], closed["seconds"], closed["end"]) == (24000, 1.0, "closed")
    assert abs(stage.probe.lip_sync_ms(AVATAR)) < 200


async def test_started_and_finished_come_when_it_really_plays(stage, make_tone):
    agent, avatar = await ready(stage)
    await agent.say(make_tone(440, 0.8))
    await agent.until(lambda: agent.finished)
    (started,), (finished,) = avatar.log.of("playback_started"), avatar.log.of("playback_finished")
    assert finished.at - started.at > 0.75, "it is not over before it was played"
    voice = await stage.probe.heard(AVATAR, 0.5)
    assert voice.onset_at - avatar.log.began >= started.at - 0.05


async def test_a_wrong_sample_rate_is_heard_as_a_wrong_pitch(stage, make_tone, lasting):
    agent, _ = await ready(stage)
    await agent.say(make_tone(440, 1.0), {"sample_rate": "16000", "num_channels": "1"})
    voice = await stage.probe.heard(AVATAR, 1.2)
    assert voice.pitch_hz == pytest.approx(440 * 16 / 24, rel=0.03)
    assert voice.heard_seconds in lasting(1.5)


async def test_stereo_at_the_voices_own_rate_is_mixed(stage, make_tone, lasting):
    agent, _ = await ready(stage)
    mono = make_tone(330, 0.6, rate=48_000)
    stereo = b"".join(mono[i : i + 2] * 2 for i in range(0, len(mono), 2))
    await agent.say(stereo, {"sample_rate": "48000", "num_channels": "2"})
    voice = await stage.probe.heard(AVATAR, 0.4)
    assert voice.heard_seconds in lasting(0.6)
    assert voice.pitch_hz == pytest.approx(330, rel=0.03)


async def test_two_segments_play_in_order(stage, make_tone, lasting):
    agent, avatar = await ready(stage)
    await agent.say(make_tone(300, 0.6))
    await agent.say(make_tone(600, 0.4))
    await agent.until(lambda: len(agent.finished) == 2)
    assert [round(event["playback_position"], 1) for event in agent.finished] == [0.6, 0.4]
    assert agent.started == ["", ""]
    kinds = [entry.kind for entry in avatar.log.entries if entry.kind.startswith("playback_")]
    assert kinds == ["playback_started", "playback_finished"] * 2
    voice = await stage.probe.heard(AVATAR, 0.8)
    assert voice.heard_seconds in lasting(1.0)


async def test_an_interrupt_cuts_a_stream_that_is_still_open(stage, make_tone):
    agent, avatar = await ready(stage)
    writer = await agent.open()
    await writer.write(make_tone(440, 3.0))
    await agent.until(lambda: agent.started)
    assert await agent.interrupt() == "ok"
    await agent.until(lambda: agent.finished)
    assert agent.finished[0]["interrupted"] is True
    assert 0 < agent.finished[0]["playback_position"] < 1.5
    await writer.write(make_tone(440, 1.0))
    await writer.aclose()
    await avatar.log.wait_for("stream_closed", 5)
    voice = await stage.probe.heard(AVATAR)
    assert voice.heard_seconds < agent.finished[0]["playback_position"] + 1.5, "3 seconds were sent"
    await agent.say(make_tone(700, 0.5))
    await agent.until(lambda: len(agent.finished) == 2)
    assert agent.finished[1] == {"playback_position": pytest.approx(0.5, abs=0.01), "interrupted": False}


async def test_an_interrupt_reports_each_waiting_segment_once(stage, make_tone):
    agent, _ = await ready(stage)
    await agent.say(make_tone(440, 2.0))
    await agent.say(make_tone(550, 2.0))
    await agent.until(lambda: agent.started)
    await agent.interrupt()
    await agent.until(lambda: len(agent.finished) == 2)
    assert [event["interrupted"] for event in agent.finished] == [True, True]
    assert agent.finished[1]["playback_position"] == 0
    assert await agent.interrupt() == "ok"
    with pytest.raises(TimeoutError):
        await agent.until(lambda: len(agent.finished) > 2, QUIET_WATCH)


async def test_clear_with_nothing_playing_is_answered_and_not_reported(stage):
    agent, avatar = await ready(stage)
    assert await agent.interrupt() == "ok"
    assert avatar.log.of("clear_buffer")[0].data["caller"] == "the-agent"
    assert not avatar.log.of("playback_finished")


async def test_strangers_are_rejected(stage, make_tone):
    await stage.agent_joins()
    avatar = stage.start(listen_to="somebody-else", behaviour=Behaviour(leave_on_speaker_gone=False))
    await stage.probe.first_frame(AVATAR)
    assert await stage.agent.interrupt() == "reject"
    await stage.agent.say(make_tone(440, 0.2))
    refused = await avatar.log.wait_for("speech_refused", 5)
    assert "the-agent" in refused.data["cause"]


@pytest.mark.parametrize(
    "attributes",
    [
        {"num_channels": "1"},
        {"sample_rate": "24000"},
        {"sample_rate": "24000.0", "num_channels": "1"},
        {"sample_rate": "0", "num_channels": "1"},
        {"sample_rate": "-1", "num_channels": "1"},
        {"sample_rate": "24000", "num_channels": "many"},
    ],
)
async def test_broken_attributes_are_refused_and_the_next_stream_plays(stage, make_tone, attributes):
    agent, avatar = await ready(stage)
    await agent.say(make_tone(440, 0.2), attributes)
    await avatar.log.wait_for("speech_refused", 5)
    await agent.say(make_tone(440, 0.3))
    await agent.until(lambda: agent.finished)
    assert len(agent.finished) == 1


async def test_a_stream_whose_end_got_lost_ends_with_the_next(stage, make_tone):
    agent, avatar = await ready(stage)
    writer = await agent.open()
    await writer.write(make_tone(300, 0.4))
    await agent.say(make_tone(600, 0.3))
    await agent.until(lambda: len(agent.finished) == 2)
    assert [round(event["playback_position"], 1) for event in agent.finished] == [0.4, 0.3]
    ends = {entry.data["end"] for entry in avatar.log.of("stream_closed")}
    assert "superseded" in ends
    await writer.aclose()


async def test_an_empty_stream_is_finished_without_being_started(stage):
    agent, _ = await ready(stage)
    await agent.say(b"")
    await agent.until(lambda: agent.finished)
    assert agent.finished == [{"playback_position": 0.0, "interrupted": False}]
    assert agent.started == []


async def test_an_agent_that_does_not_know_started_is_asked_once(stage, make_tone):
    agent, avatar = await ready(stage, knows_started=False)
    for count in (1, 2):
        await agent.say(make_tone(440, 0.2))
        await agent.until(lambda count=count: len(agent.finished) == count)
    failed = avatar.log.of("rpc_failed")
    assert [entry.data["method"] for entry in failed] == ["lk.playback_started"]
