"""Into the room and out of it, without leaving a half-open connection."""

import asyncio

from livekit import rtc
from livekit.rtc.participant import PublishTrackError

from mockvendors import limits
from mockvendors.avatar.plan import AvatarPlan


async def connect(room: rtc.Room, plan: AvatarPlan) -> str | None:
    """Join with the plan's token as it is; return None, or why it failed. Never subscribes to media."""
    try:
        await room.connect(plan.url, plan.token, rtc.RoomOptions(auto_subscribe=False))
    except rtc.ConnectError as error:
        return error.message
    return None


def check_may_publish(room: rtc.Room) -> None:
    """Raise PublishTrackError if the room says that our token allows no tracks; else it would take 10 s to find out."""
    permissions = getattr(room.local_participant, "permissions", None)  # livekit before 1.1.20 or so does not tell
    if permissions is not None and not permissions.can_publish:
        raise PublishTrackError("the join token does not allow to publish tracks")


async def disconnect(room: rtc.Room, joining: "asyncio.Task[str | None]") -> bool:
    """Leave the room, whatever state it is in; return False if it did not let go in time.

    A join that is still under way is awaited first, for a moment; then it is left to end by itself (see `_STRAGGLERS`).
    """
    await asyncio.wait({joining}, timeout=limits.scaled(limits.AVATAR_JOIN_PATIENCE))
    if not joining.done():
        straggler = asyncio.create_task(_leave_once_joined(room, joining), name="avatar-straggler")
        _STRAGGLERS.add(straggler)
        straggler.add_done_callback(_STRAGGLERS.discard)
        return False
    try:
        async with asyncio.timeout(limits.scaled(limits.AVATAR_CLOSE)):
            await leave(room)
    except TimeoutError:
        return False
    return True


_STRAGGLERS: set[asyncio.Task[None]] = set()
"""Joins that outlive their avatar, kept from the garbage collector.

LiveKit gives up a join whose identity was taken over after 15 s. Cancelled before that, the native library finds nobody
to hand the room to, calls it a panic and ends the whole process with SIGTERM.
"""


async def _leave_once_joined(room: rtc.Room, joining: "asyncio.Task[str | None]") -> None:
    await asyncio.wait({joining})
    await leave(room)


async def leave(room: rtc.Room) -> None:
    """Disconnect, and end the room's own task: `livekit` before 1.1.20 or so forgets it when the server cut us off."""
    await room.disconnect()
    task: asyncio.Task[None] | None = getattr(room, "_task", None)
    if task is not None and not task.done():
        task.cancel()
        await asyncio.wait({task})
