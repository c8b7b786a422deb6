"""What a run asks of LiveKit about its rooms; a server that fails here is the environment's fault."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from livekit import api

from mockvendors import limits
from mockvendors.errors import EnvironmentFault
from mockvendors.room.livekit import LiveKit


async def participants(livekit: LiveKit, room: str) -> list[api.ParticipantInfo]:
    """Return who is in the room, hidden ones included; nobody when there is no such room."""
    async with _calling(livekit, f"list the participants of {room}") as lkapi:
        found = await lkapi.room.list_participants(api.ListParticipantsRequest(room=room))
    return list(found.participants)


async def rooms(livekit: LiveKit) -> list[str]:
    """Return the names of the open rooms."""
    async with _calling(livekit, "list the rooms") as lkapi:
        found = await lkapi.room.list_rooms(api.ListRoomsRequest())
    return [room.name for room in found.rooms]


async def delete_room(livekit: LiveKit, room: str) -> None:
    """End the room and disconnect everybody in it; a room that is gone already is fine."""
    try:
        async with _calling(livekit, f"delete the room {room}") as lkapi:
            await lkapi.room.delete_room(api.DeleteRoomRequest(room=room))
    except EnvironmentFault as fault:
        if not (isinstance(fault.__cause__, api.TwirpError) and fault.__cause__.code == "not_found"):
            raise


@asynccontextmanager
async def _calling(livekit: LiveKit, purpose: str) -> AsyncIterator[api.LiveKitAPI]:
    limit = aiohttp.ClientTimeout(total=limits.scaled(limits.LIVEKIT_ASK))
    try:
        async with api.LiveKitAPI(livekit.http_url, livekit.api_key, livekit.api_secret, timeout=limit) as lkapi:
            yield lkapi
    except api.TwirpError as why:
        raise EnvironmentFault(f"LiveKit at {livekit.url} refused to {purpose} ({why.code}: {why.message})") from why
    except (aiohttp.ClientError, TimeoutError, OSError) as why:
        livekit.check()  # tells more, when the server is ours and has died
        raise EnvironmentFault(
            f"LiveKit at {livekit.url} could not {purpose} ({str(why) or type(why).__name__})",
            "See whether it still runs",
        ) from why
