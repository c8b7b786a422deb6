"""The picture arrives at the size that was asked, from the first frame on."""

import pytest

from mockvendors.avatar.behaviour import Behaviour
from mockvendors.limits import PROBE_WAIT
from mockvendors.room.video_report import video_report

AVATAR = "anam-avatar-agent"


async def lately(stage, avatar, count=25):
    """Report on the last frames, once the encoder has had time to find its rate."""
    seen = await avatar_frames(stage, 2 * count)
    return video_report(seen[-count:], avatar.plan.size, epoch=avatar.log.began)


async def avatar_frames(stage, count):
    def enough():
        frames = stage.probe._frames(AVATAR)
        return frames if len(frames) >= count else None

    return await stage.probe._until(enough, PROBE_WAIT, f"{count} frames")


@pytest.mark.parametrize("size", [(1152, 768), (768, 1152), (720, 480)])
async def test_published_generated_and_delivered_size_are_the_plans(stage, size):
    avatar = stage.start(width=size[0], height=size[1])
    settled = await stage.probe.settled_size(AVATAR)
    assert (settled.publication, settled.generated, settled.delivered) == (size, size, size)
    assert not settled.ramped
    assert avatar.log.of("published")[0].data["width"] == size[0]
    video = await lately(stage, avatar)
    assert video.lost <= 5
    assert video.reordered == 0
    assert video.delivered == (size,)
    assert 15 < video.fps < 35
    assert 0 < video.latency_ms < 500
    assert {frame.stamp.tag for frame in stage.probe._frames(AVATAR) if frame.stamp} == {77}


async def test_the_participant_is_seen_as_its_token_says(stage):
    stage.start()
    seen = await stage.probe.participant(AVATAR)
    assert (seen.identity, seen.kind, seen.name) == (AVATAR, "agent", AVATAR)
    assert seen.attributes["lk.publish_on_behalf"] == "the-agent"
    assert seen.left_at is None
    assert stage.probe.identity not in stage.probe.participants


async def test_another_size_than_negotiated_is_a_fault(stage):
    stage.start(behaviour=Behaviour(size=(720, 480)))
    settled = await stage.probe.settled_size(AVATAR)
    assert settled.generated == settled.delivered == settled.publication == (720, 480)


async def test_a_ramp_settles_at_its_last_size(stage):
    ramp = ((0.0, (576, 384)), (1.0, (1152, 768)))
    stage.start(behaviour=Behaviour(size_ramp=ramp))
    settled = await stage.probe.settled_size(AVATAR)
    assert settled.generated == settled.delivered == (1152, 768)
    assert settled.ramped
    assert stage.probe.video(AVATAR).generated == ((576, 384), (1152, 768))


async def test_simulcast_settles_at_the_full_size(stage):
    stage.start(behaviour=Behaviour(simulcast=True))
    settled = await stage.probe.settled_size(AVATAR)
    assert settled.delivered == settled.generated == (1152, 768)


async def test_frozen_frames_show_as_repeated(stage):
    stage.start(behaviour=Behaviour(frozen_frames=True))
    await stage.probe.settled_size(AVATAR)
    video = stage.probe.video(AVATAR)
    assert video.repeated == video.frames - 1


async def test_a_low_frame_rate_is_measured(stage):
    stage.start(behaviour=Behaviour(fps=5))
    await stage.probe.settled_size(AVATAR)
    assert stage.probe.video(AVATAR).fps == pytest.approx(5, rel=0.3)


async def test_without_video_the_voice_is_published_alone(stage):
    avatar = stage.start(behaviour=Behaviour(video=False))
    await avatar.log.wait_for("published_voice", 5)
    await stage.probe.participant(AVATAR)
    with pytest.raises(TimeoutError, match=r"(?s)a steady picture of anam-avatar-agent.*Seen so far.* 0 frames"):
        await stage.probe.settled_size(AVATAR, limit=0.5)
