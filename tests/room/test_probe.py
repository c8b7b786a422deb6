"""What the probe makes of frames and sound, and how it behaves in a room."""

import asyncio
import uuid

import numpy as np
import pytest

from mockvendors import limits
from mockvendors.avatar.door import stragglers_gone
from mockvendors.avatar.stamp import Stamp
from mockvendors.avatar.worker import Avatar
from mockvendors.errors import EnvironmentFault
from mockvendors.room.livekit import LiveKit
from mockvendors.room.probe import Probe
from mockvendors.room.rooms import participants, rooms
from mockvendors.room.sound import Sound
from mockvendors.room.video_report import SeenFrame, settle, video_report
from mockvendors.room.voice_report import RATE, lip_sync_ms, voice_report
from tests.late_door import late_door

FULL, SMALL = (1152, 768), (270, 180)


def frame(number: int, *, at=None, size=FULL, generated=FULL, mouth=False, segment=0) -> SeenFrame:
    mark = Stamp(1, number, number * 40, *generated, mouth=mouth, segment=segment)
    return SeenFrame(number * 0.04 if at is None else at, size, mark)


def test_ten_frames_of_one_size_are_settled_and_nine_are_not():
    assert settle([frame(i) for i in range(9)], FULL) is None
    settled = settle([frame(i) for i in range(10)], FULL)
    assert (settled.delivered, settled.generated, settled.frames, settled.ramped) == (FULL, FULL, 10, False)


def test_at_a_low_rate_time_settles():
    assert settle([frame(0, at=0.0), frame(1, at=0.2)], FULL) is None
    assert settle([frame(0, at=0.0), frame(1, at=0.2), frame(2, at=0.41)], FULL).delivered == FULL


def test_frames_without_a_stamp_are_ignored():
    last = SeenFrame(9.0, (8, 8), None)
    assert settle([last] * 20, FULL) is None
    assert settle([*(frame(i) for i in range(10)), last], FULL).delivered == FULL


def test_a_simulcast_layer_is_not_taken_for_the_settled_size():
    low = [frame(i, size=SMALL) for i in range(25)]
    assert settle(low, FULL) is None
    settled = settle(low + [frame(i) for i in range(25, 40)], FULL)
    assert (settled.delivered, settled.ramped) == (FULL, True)


def test_a_wrong_size_that_lasts_is_settled():
    assert settle([frame(i, size=SMALL) for i in range(75)], FULL).delivered == SMALL
    assert settle([frame(i, generated=SMALL, size=SMALL) for i in range(75)], FULL).generated == SMALL


def test_losses_order_and_repeats_are_counted():
    report = video_report([frame(i, at=n * 0.04) for n, i in enumerate([0, 1, 3, 2, 6, 6])], FULL)
    assert (report.frames, report.lost, report.reordered, report.repeated) == (6, 2, 1, 1)
    assert report.fps == pytest.approx(25)


def test_latency_needs_the_avatars_epoch():
    frames = [frame(i, at=100.05 + i * 0.04) for i in range(20)]
    assert video_report(frames, FULL).latency_ms is None
    assert video_report(frames, FULL, epoch=100.0).latency_ms == pytest.approx(50)
    assert video_report(frames, FULL).jitter_ms == pytest.approx(0, abs=0.01)


def test_no_frames_at_all():
    report = video_report([], None)
    assert (report.frames, report.fps, report.lost, report.jitter_ms, report.delivered) == (0, None, 0, None, ())


def sound(*parts: tuple[float, float]) -> np.ndarray:
    """Join (hertz, seconds) parts; 0 Hz is silence."""
    pieces = []
    for hertz, seconds in parts:
        at = np.arange(int(seconds * RATE)) / RATE
        pieces.append((np.sin(2 * np.pi * hertz * at) * 8000).astype(np.int16))
    return np.concatenate(pieces)


@pytest.mark.parametrize("hertz", [80, 220, 440, 1000, 3000])
def test_pitch_length_and_onset(hertz):
    report = voice_report(sound((0, 0.5), (hertz, 1.0), (0, 0.5)), began=50.0)
    assert report.pitch_hz == pytest.approx(hertz, rel=0.005)
    assert report.heard_seconds == pytest.approx(1.0, abs=0.02)
    assert report.onset_at == pytest.approx(50.5, abs=0.011)
    assert report.end_at == pytest.approx(51.5, abs=0.011)


def test_holes_inside_an_utterance_are_gaps_and_pauses_part_utterances():
    report = voice_report(sound((440, 0.5), (0, 0.1), (440, 0.5), (0, 0.6), (660, 0.4), (0, 0.04), (660, 0.4)), 0.0)
    assert report.gaps == (pytest.approx(0.1, abs=0.02),)
    assert [round(part.seconds, 1) for part in report.segments] == [1.1, 0.8]
    assert report.segments[1].pitch_hz == pytest.approx(660, rel=0.01)


def test_silence_and_nothing():
    for samples in (sound((0, 1.0)), np.zeros(0, np.int16)):
        report = voice_report(samples, 0.0)
        assert (report.heard_seconds, report.onset_at, report.pitch_hz, report.segments) == (0, None, None, ())


def test_lip_sync_is_the_median_over_utterances():
    report = voice_report(sound((0, 1.0), (440, 0.5), (0, 1.0), (440, 0.5), (0, 1.0), (440, 0.5)), 0.0)
    opened = [(25, 1, 1.02), (65, 2, 2.55), (100, 3, 4.06)]
    frames = [frame(number, at=at, mouth=True, segment=segment) for number, segment, at in opened]
    assert lip_sync_ms(report.segments, frames) == pytest.approx(50, abs=11)
    assert lip_sync_ms(report.segments, []) is None


def test_sound_is_timed_by_its_promptest_arrival_and_bounded():
    heard = Sound()
    chunks = np.split(sound((0, 0.2), (440, 0.3), (0, 0.5)), 100)
    heard.resume(10.3)
    for number, chunk in enumerate(chunks):
        heard.add(chunk, 10.0 + number * 0.01 + (0.3 if number < 7 else 0.0))
    assert heard.report().onset_at == pytest.approx(10.2, abs=0.011)
    assert heard.utterance_over()
    for _ in range(13_000):
        heard.add(chunks[0], 1e9)
    assert heard.report().listened_seconds == pytest.approx(120)


def test_an_absence_is_silence():
    heard = Sound()
    for at, part in ((5.0, sound((440, 0.1))), (7.0, sound((440, 0.1)))):
        heard.resume(at)
        for number, chunk in enumerate(np.split(part, 10)):
            heard.add(chunk, at + number * 0.01)
    assert [round(part.onset_at, 1) for part in heard.report().segments] == [5.0, 7.0]


@pytest.fixture
def name():
    return f"room-{uuid.uuid4().hex[:8]}"


async def test_a_probe_that_comes_late_sees_what_is_there_and_leaves_nothing(livekit, name, new_plan):
    before = asyncio.all_tasks()
    avatar = Avatar(new_plan(livekit, name, "face", tag=5))
    run = asyncio.create_task(avatar.run())
    await avatar.log.wait_for("published", 5)
    async with Probe.join(livekit, name) as probe:
        assert (await probe.settled_size("face")).publication == FULL
        assert probe.participants["face"].kind == "agent"
        assert tasks_of_the_probe()
    assert not tasks_of_the_probe()
    avatar.stop()
    await run
    for _ in range(100):
        if asyncio.all_tasks() <= before:
            break
        await asyncio.sleep(0.01)
    assert asyncio.all_tasks() <= before


def tasks_of_the_probe():
    return {task for task in asyncio.all_tasks() if task.get_name().startswith("probe-")}


async def test_a_hidden_probe_is_not_seen_and_a_viewer_is(livekit, name):
    async with Probe.join(livekit, name, hidden=False, identity="viewer") as viewer, Probe.join(livekit, name) as probe:
        seen = await probe.participant("viewer")
        assert seen.kind == "standard"
        assert probe.identity not in viewer.participants


async def test_waiting_in_vain_says_what_was_seen(livekit, name):
    async with Probe.join(livekit, name) as probe:
        with pytest.raises(TimeoutError, match=r"(?s)not within 0.2 s: nobody-here in the room. Seen so far:\nnobody"):
            await probe.participant("nobody-here", 0.2)
        with pytest.raises(KeyError, match="never in the room"):
            probe.voice("nobody-here")


async def test_a_server_that_is_down_is_the_environments_fault(name):
    with pytest.raises(EnvironmentFault, match="the probe cannot join"):
        async with Probe.join(LiveKit("ws://127.0.0.1:9", "key", "s" * 40, "LIVEKIT_URL"), name):
            pass


async def test_a_join_that_comes_too_late_is_not_left_in_the_room(livekit, name, monkeypatch):
    """Behind a door that opens too late; the server, which knows of every room that was opened, tells who is in it."""
    async with asyncio.timeout(limits.scaled(30)), late_door(livekit) as door:
        monkeypatch.setattr(limits, "PROBE_JOIN", 0.2)
        slow = LiveKit(door.url, livekit.api_key, livekit.api_secret, "LIVEKIT_URL")
        with pytest.raises(EnvironmentFault, match=r"cannot join a room at .*: no answer in time"):
            async with Probe.join(slow, name, hidden=False, identity="late"):
                pass
        assert not await stragglers_gone(0)
        door.opened.set()
        while name not in await rooms(livekit):  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(limits.LIVEKIT_POLL)
        assert await stragglers_gone(limits.PROBE_WAIT)
        assert await participants(livekit, name) == []
