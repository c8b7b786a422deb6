"""The picture arrives at the size that was asked, from the first frame on."""

import pytest

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
