"""Every way an avatar can end: it says why, it is gone from the room, and nothing of it is left (see the stage)."""

import asyncio
import socket

import pytest
from livekit import api

from mockvendors import limits
from mockvendors.avatar.behaviour import Behaviour
from mockvendors.avatar.late import JOIN
from mockvendors.avatar.place import Place
from mockvendors.avatar.publications import PUBLICATION
from mockvendors.avatar.worker import Avatar
from mockvendors.limits import QUIET_WATCH, scaled
from mockvendors.room.tokens import join_token
from tests.late_door import late_door

AVATAR = "anam-avatar-agent"


async def test_removed_by_the_server(stage):
    await stage.agent_joins()
    avatar = stage.start()
    await stage.probe.first_frame(AVATAR)
    await stage.remove()
    assert await stage.reason(avatar) == "removed"
    assert (await stage.probe.gone(AVATAR)).left_at is not None
    assert [entry.data["reason"] for entry in avatar.log.of("left")] == ["removed"]
    assert [entry.data["reason"] for entry in avatar.log.of("disconnected")] == ["PARTICIPANT_REMOVED"]


async def test_the_room_is_deleted(stage):
    await stage.agent_joins()
    avatar = stage.start()
    await stage.probe.first_frame(AVATAR)
    await stage.delete()
    assert await stage.reason(avatar) == "room_ended"


async def test_its_longest_stay_is_over(stage):
    await stage.agent_joins()
    avatar = stage.start(max_seconds=0.6)
    assert await stage.reason(avatar) == "expired"
    await stage.probe.gone(AVATAR)
    (joined,), (left,) = avatar.log.of("joined"), avatar.log.of("left")
    assert left.at - joined.at > 0.55


async def test_stopped(stage):
    await stage.agent_joins()
    avatar = stage.start()
    await stage.probe.first_frame(AVATAR)
    avatar.stop()
    assert await stage.reason(avatar) == "stopped"
    await stage.probe.gone(AVATAR)


async def test_stopped_before_it_began_and_in_the_join(stage):
    early = Avatar(stage.plan())
    early.stop("vendor_stop")
    assert await early.run() == "vendor_stop"
    joining = stage.start()
    await asyncio.sleep(0)
    joining.stop()
    assert await stage.reason(joining) == "stopped"


async def test_cancelled(stage):
    await stage.agent_joins()
    stage.start()
    await stage.probe.first_frame(AVATAR)
    _, run = stage.runs.pop()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await stage.probe.gone(AVATAR)


async def test_two_of_one_identity_at_once(stage):
    """The newer one lets the older publish first: the native library does not survive anything else."""
    await stage.agent_joins()
    older, newer = stage.start(), stage.start(tag=78)
    assert await stage.reason(older) == "duplicate"
    assert (await newer.log.wait_for("published", 5)).at > older.log.of("published")[0].at
    assert [avatar.log.of("close_failed") for avatar in (older, newer)] == [[], []]


async def test_stopped_while_it_waits_for_its_place(stage):
    plan = stage.plan()
    place = Place(plan.url, plan.token)
    await place.take()
    waiting = stage.start()
    await asyncio.sleep(0)
    waiting.stop()
    assert await stage.reason(waiting) == "stopped"
    assert [entry.kind for entry in waiting.log.entries] == ["ended"]
    place.free()


async def test_a_place_that_is_never_free(stage, monkeypatch):
    await stage.agent_joins()
    plan = stage.plan()
    place = Place(plan.url, plan.token)
    await place.take()
    monkeypatch.setattr(limits, "AVATAR_PUBLISH_PATIENCE", 0.1)
    avatar = stage.start()
    await avatar.log.wait_for("published", 5)
    assert [entry.kind for entry in avatar.log.entries][:2] == ["place_not_free", "joined"]
    place.free()


async def test_a_second_avatar_with_its_identity_drives_it_out(stage):
    await stage.agent_joins()
    first = stage.start()
    await stage.probe.first_frame(AVATAR)
    second = stage.start(tag=78)
    assert await stage.reason(first) == "duplicate"
    await second.log.wait_for("published", 5)
    assert second.log.of("joined")
    second.stop()
    assert await stage.reason(second) == "stopped"


async def test_the_speaker_leaves(stage):
    agent = await stage.agent_joins()
    avatar = stage.start(grace_seconds=0.4)
    await stage.probe.first_frame(AVATAR)
    await agent.room.disconnect()
    assert await stage.reason(avatar) == "speaker_left"
    gone, agent_gone = await stage.probe.gone(AVATAR), await stage.probe.gone("the-agent")
    assert gone.left_at - agent_gone.left_at > 0.2


async def test_the_speaker_comes_back_within_the_grace(stage, make_tone):
    agent = await stage.agent_joins()
    avatar = stage.start(grace_seconds=2.0)
    await stage.probe.first_frame(AVATAR)
    await agent.room.disconnect()
    await stage.probe.gone("the-agent")
    agent = await stage.agent_joins()
    await stage.probe.participant("the-agent")
    await agent.say(make_tone(440, 2.2))
    await agent.until(lambda: agent.finished)
    assert agent.finished[0]["interrupted"] is False
    avatar.stop()
    assert await stage.reason(avatar) == "stopped"


async def test_it_may_outlive_its_speaker(stage):
    agent = await stage.agent_joins()
    avatar = stage.start(grace_seconds=0.0, behaviour=Behaviour(leave_on_speaker_gone=False))
    await stage.probe.first_frame(AVATAR)
    await agent.room.disconnect()
    await stage.probe.gone("the-agent")
    with pytest.raises(TimeoutError):
        await stage.reason(avatar, QUIET_WATCH)


async def test_the_speaker_never_comes(stage, monkeypatch):
    monkeypatch.setattr("mockvendors.limits.AVATAR_SPEAKER", 0.3)
    assert await stage.reason(stage.start()) == "speaker_left"


async def test_it_never_joins(stage, monkeypatch):
    avatar = stage.start(behaviour=Behaviour(join=False), max_seconds=0.3)
    assert await stage.reason(avatar) == "never_joined"
    assert AVATAR not in stage.probe.participants
    monkeypatch.setattr("mockvendors.limits.SESSION_UNJOINED", 0.1)
    assert await stage.reason(stage.start(behaviour=Behaviour(join=False))) == "never_joined", "also where nothing limits it"
    monkeypatch.undo()
    stopped = stage.start(behaviour=Behaviour(join=False))
    stopped.stop()
    assert await stage.reason(stopped) == "never_joined"


async def test_a_stop_that_comes_while_it_leaves_keeps_it_out(stage):
    avatar = stage.start(behaviour=Behaviour(leave_after_join=0.1, return_after=0.1))
    await avatar.log.wait_for("left", 5)
    avatar.stop("vendor_stop")
    assert await stage.reason(avatar) == "vendor_stop"
    assert len(avatar.log.of("joined")) == 1


async def test_a_stop_that_comes_while_it_is_away_keeps_it_out(stage):
    avatar = stage.start(behaviour=Behaviour(leave_before_video=True, return_after=60))
    await stage.probe.gone(AVATAR)
    avatar.stop("vendor_stop")
    assert await stage.reason(avatar) == "vendor_stop"


async def test_its_time_is_up_while_it_is_away(stage):
    avatar = stage.start(behaviour=Behaviour(leave_after_join=0.1, return_after=60), max_seconds=0.8)
    assert await stage.reason(avatar) == "expired"
    assert len(avatar.log.of("joined")) == 1


async def test_its_second_stay_has_what_is_left_of_its_time(stage):
    await stage.agent_joins()
    avatar = stage.start(behaviour=Behaviour(leave_after_join=1.0, return_after=1.0), max_seconds=3.0)
    assert await stage.reason(avatar) == "expired"
    first, _ = avatar.log.of("joined")
    assert 3.0 <= avatar.log.of("left")[1].at - first.at < 4.5, "not 5: three more after it came back"


async def test_speech_that_goes_on_when_it_leaves_was_not_closed(stage, make_tone):
    agent = await stage.agent_joins()
    avatar = stage.start()
    await stage.probe.first_frame(AVATAR)
    writer = await agent.open()
    await writer.write(make_tone(440, 0.2))
    await avatar.log.wait_for("playback_started", 5)
    avatar.stop()
    assert await stage.reason(avatar) == "stopped"
    assert [entry.data["end"] for entry in avatar.log.of("stream_closed")] == ["left"]


@pytest.mark.parametrize("token", ["", "not a token", "a.b.c"])
async def test_a_broken_token(stage, token):
    avatar = stage.start(token=token)
    assert await stage.reason(avatar) == "join_failed"
    cause = avatar.log.of("join_failed")[0].data["cause"]
    assert "401" in cause or "token" in cause.lower(), cause


async def test_a_token_signed_with_another_secret(stage, livekit):
    other = type(livekit)(livekit.url, livekit.api_key, "x" * 40, livekit.source)
    avatar = stage.start(token=join_token(other, stage.name, AVATAR))
    assert await stage.reason(avatar) == "join_failed"
    assert "401" in avatar.log.of("join_failed")[0].data["cause"]


async def test_the_room_server_is_down(stage):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        avatar = stage.start(url=f"ws://127.0.0.1:{port}")
        assert await stage.reason(avatar) == "join_failed"
    assert avatar.log.of("join_failed")[0].data["cause"]


async def test_the_room_server_does_not_answer(stage, monkeypatch):
    monkeypatch.setattr("mockvendors.limits.AVATAR_CONNECT", 0.3)
    monkeypatch.setattr("mockvendors.limits.AVATAR_CLOSE", 0.5)
    silent = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    async with silent:
        port = silent.sockets[0].getsockname()[1]
        avatar = stage.start(url=f"ws://127.0.0.1:{port}")
        assert await stage.reason(avatar, scaled(5)) == "join_failed"
    assert "no answer" in avatar.log.of("join_failed")[0].data["cause"]


async def test_a_bug_of_ours_is_the_reason_and_its_traceback_is_kept(stage, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("mockvendors.avatar.camera.Camera._capture", broken)
    avatar = stage.start()
    assert await stage.reason(avatar) == "crashed"
    assert "ZeroDivisionError: a bug" in avatar.log.of("crashed")[0].data["traceback"]
    stage.runs.clear()


async def test_the_log_says_what_it_saw_when_it_waits_in_vain(stage):
    avatar = stage.start()
    await avatar.log.wait_for("published", 5)
    with pytest.raises(TimeoutError, match=r"(?s)no stream_opened \(number 1\) within 0.1 s; it logged.*joined identity"):
        await avatar.log.wait_for("stream_opened", 0.1)
    assert "token" not in repr(avatar.plan)


async def test_a_token_that_allows_no_tracks(stage, livekit):
    token = (
        api.AccessToken(livekit.api_key, livekit.api_secret)
        .with_identity(AVATAR)
        .with_grants(api.VideoGrants(room_join=True, room=stage.name, can_publish=False))
        .to_jwt()
    )
    avatar = stage.start(token=token)
    assert await stage.reason(avatar, 25) == "publish_failed"
    assert avatar.log.of("publish_failed")[0].data["cause"]


async def test_cancelled_as_soon_as_the_join_is_on_its_way(stage):
    """The join itself is not cancelled: it comes to its end, and the avatar leaves."""
    await stage.agent_joins()
    stage.start()
    _, run = stage.runs.pop()
    while not any(task.get_name() == JOIN for task in asyncio.all_tasks()):  # noqa: ASYNC110 - one turn, not some time
        await asyncio.sleep(0)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert await stage.identities(["the-agent"]) == ["the-agent"]


async def test_cancelled_while_its_tracks_are_on_their_way(stage):
    """They arrive before the room is left: the native library does not survive anything else."""
    await stage.agent_joins()
    stage.start()
    _, run = stage.runs.pop()
    publications = []
    while len(publications) < 2:
        publications = [task for task in asyncio.all_tasks() if task.get_name() == PUBLICATION]
        await asyncio.sleep(0)
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert [task.done() and not task.cancelled() and task.exception() is None for task in publications] == [True, True]
    assert await stage.identities(["the-agent"]) == ["the-agent"]


async def test_cancelled_in_the_middle_of_a_join_that_takes_too_long(stage, livekit):
    async with late_door(livekit) as door:
        stage.start(url=door.url)
        await door.knocks.acquire()
        _, run = stage.runs.pop()
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith("avatar-")] == []
        door.opened.set()
        assert await stage.identities([]) == []


async def test_an_avatar_that_cannot_be_drawn_is_not_left_in_the_room(stage, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("mockvendors.avatar.camera.Camera._draw", broken)
    await stage.agent_joins()
    avatar = stage.start()
    assert await stage.reason(avatar) == "crashed"
    assert await stage.identities(["the-agent"]) == ["the-agent"]
    stage.runs.clear()
