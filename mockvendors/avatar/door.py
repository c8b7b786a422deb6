"""Into the room and out of it, without leaving a half-open connection; for whoever of ours joins one.

LiveKit gives up a join whose identity was taken over after 15 s. Cancelled before that, the native library finds nobody to
hand the room to: the participant stays in the room for ever, or the library calls it a panic and ends the whole process with
SIGTERM. So a join is a task of its own that nobody cancels; who will not wait for it leaves it to end by itself.
"""

import asyncio

from livekit import rtc
from livekit.rtc.participant import PublishTrackError

from mockvendors import limits
from mockvendors.avatar import native_end
from mockvendors.avatar.late import JOIN, STRAGGLER

Joining = asyncio.Task[str | None]
"""A join on its way; its result is None, or why it failed."""


def join(room: rtc.Room, url: str, token: str, *, subscribe: bool = False) -> Joining:
    """Begin to join with the token as it is; whoever calls this owes a `disconnect`, whatever comes between."""
    native_end.prepare()
    return asyncio.create_task(_connect(room, url, token, subscribe=subscribe), name=JOIN)


async def enter(room: rtc.Room, url: str, token: str, seconds: float, *, subscribe: bool = False) -> str | None:
    """Join within so many seconds; return None, or why not. Who does not get in, or is cancelled, is not left in the room."""
    joining = join(room, url, token, subscribe=subscribe)
    cause: str | None = "given up"
    try:
        await asyncio.wait({joining}, timeout=seconds)
        cause = joining.result() if joining.done() else "no answer in time"
    finally:
        if cause is not None:
            await asyncio.shield(disconnect(room, joining))
    return cause


async def disconnect(room: rtc.Room, joining: Joining) -> bool:
    """Leave the room, whatever state it is in; return False if it did not let go in time.

    A join that is still under way is awaited first, for a moment; then it is left to end by itself (see `_STRAGGLERS`).
    """
    await asyncio.wait({joining}, timeout=limits.scaled(limits.AVATAR_JOIN_PATIENCE))
    if not joining.done():
        straggler = asyncio.create_task(_leave_once_joined(room, joining), name=STRAGGLER)
        _STRAGGLERS.add(straggler)
        straggler.add_done_callback(_STRAGGLERS.discard)
        return False
    try:
        async with asyncio.timeout(limits.scaled(limits.AVATAR_CLOSE)):
            await leave(room)
    except TimeoutError:
        return False
    return True


async def stragglers_gone(seconds: float) -> bool:
    """Wait so long for joins that nobody waited for any more; whoever ends a loop owes it to them. False: some are left."""
    left = {task for task in _STRAGGLERS if task.get_loop() is asyncio.get_running_loop()}
    return not left or not (await asyncio.wait(left, timeout=limits.scaled(seconds)))[1]


async def leave(room: rtc.Room) -> None:
    """Disconnect, and end the room's own task: `livekit` before 1.1.20 or so forgets it when the server cut us off."""
    await room.disconnect()
    task: asyncio.Task[None] | None = getattr(room, "_task", None)
    if task is not None and not task.done():
        task.cancel()
        await asyncio.wait({task})


def check_may_publish(room: rtc.Room) -> None:
    """Raise PublishTrackError if the room says that our token allows no tracks; else it would take 10 s to find out."""
    permissions = getattr(room.local_participant, "permissions", None)  # livekit before 1.1.20 or so does not tell
    if permissions is not None and not permissions.can_publish:
        raise PublishTrackError("the join token does not allow to publish tracks")


_STRAGGLERS: set[asyncio.Task[None]] = set()
"""Joins that outlive whoever joined, kept from the garbage collector."""


async def _connect(room: rtc.Room, url: str, token: str, *, subscribe: bool) -> str | None:
    try:
        await room.connect(url, token, rtc.RoomOptions(auto_subscribe=subscribe))
    except rtc.ConnectError as error:
        return error.message
    return None


async def _leave_once_joined(room: rtc.Room, joining: Joining) -> None:
    await asyncio.wait({joining})
    await leave(room)
