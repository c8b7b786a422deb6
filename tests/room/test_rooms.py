"""Tokens let in who they say, and rooms tell who is there."""

import jwt
import pytest
from livekit import api, rtc

from mockvendors.errors import EnvironmentFault
from mockvendors.room.livekit import LiveKit
from mockvendors.room.rooms import delete_room, participants, rooms
from mockvendors.room.tokens import join_token


async def test_a_token_lets_its_participant_in_as_it_says(livekit):
    token = join_token(livekit, "tokens", "agent-1", kind="agent", name="An agent", attributes={"a": "b"}, ttl=60)
    room = rtc.Room()
    await room.connect(livekit.url, token)
    try:
        (who,) = await participants(livekit, "tokens")
        assert (who.identity, who.name, dict(who.attributes)) == ("agent-1", "An agent", {"a": "b"})
        assert who.kind == api.ParticipantInfo.Kind.AGENT
        assert "tokens" in await rooms(livekit)
    finally:
        await room.disconnect()
    claims = jwt.decode(token, livekit.api_secret, algorithms=["HS256"])
    assert claims["exp"] - claims["nbf"] <= 120
    assert "agent" not in claims["video"]
    assert "hidden" not in claims["video"]


async def test_a_hidden_participant_is_seen_by_nobody_but_the_server(livekit):
    seen, hidden = rtc.Room(), rtc.Room()
    await seen.connect(livekit.url, join_token(livekit, "hidden", "seen"))
    await hidden.connect(livekit.url, join_token(livekit, "hidden", "watcher", hidden=True))
    try:
        assert [one.identity for one in hidden.remote_participants.values()] == ["seen"]
        assert dict(seen.remote_participants) == {}
    finally:
        await hidden.disconnect()
        await seen.disconnect()


async def test_the_right_of_a_worker_is_asked_for_by_name(livekit):
    claims = jwt.decode(join_token(livekit, "r", "w", agent=True), options={"verify_signature": False})
    assert claims["video"]["agent"] is True


async def test_a_deleted_room_is_gone_and_may_be_deleted_again(livekit):
    room = rtc.Room()
    await room.connect(livekit.url, join_token(livekit, "deleted", "one"))
    await delete_room(livekit, "deleted")
    assert await participants(livekit, "deleted") == []
    await delete_room(livekit, "deleted")
    await room.disconnect()


async def test_a_refusal_and_a_dead_server_are_told_apart(livekit):
    wrong = LiveKit(livekit.url, livekit.api_key, "0" * 40, "LIVEKIT_URL")
    with pytest.raises(EnvironmentFault, match="refused to list the rooms"):
        await rooms(wrong)
    with pytest.raises(EnvironmentFault, match="could not list the rooms"):
        await rooms(LiveKit("ws://127.0.0.1:1", "key", "0" * 40, "LIVEKIT_URL"))

    def gone() -> None:
        raise EnvironmentFault("it died")

    with pytest.raises(EnvironmentFault, match="it died"):
        await delete_room(LiveKit("ws://127.0.0.1:1", "key", "0" * 40, "built", check=gone), "room")
