"""What a case asks of the room: who came, who went, who stayed away."""

from dataclasses import dataclass
from typing import Any

from mockvendors import limits
from mockvendors.room.livekit import LiveKit
from mockvendors.room.probe import Probe


@dataclass(frozen=True)
class Room:
    """A room of a case on a real LiveKit server, with the probe in it."""

    name: str
    livekit: LiveKit
    probe: Probe


async def leaves(room: Room, identity: str) -> bool:
    """Tell whether that participant, who was there, leaves in time."""
    try:
        await room.probe.gone(identity, limits.SESSION_END)
    except TimeoutError:
        return False
    return True


async def stays_away(room: Room, identity: str) -> bool:
    """Watch the room for a moment, and tell whether that participant does not come."""
    try:
        await room.probe.participant(identity, limits.QUIET_WATCH)
    except TimeoutError:
        return True
    return False


async def logged(log: Any, kind: str, count: int = 1, limit: float = limits.SPEECH_ARRIVES) -> bool:  # an AvatarLog
    """Tell whether the avatar logs that, so many times, in `limit` seconds."""
    try:
        await log.wait_for(kind, limit, count)
    except TimeoutError:
        return False
    return True
