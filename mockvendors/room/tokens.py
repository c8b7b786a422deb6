"""Tokens that let a participant into a room."""

from collections.abc import Mapping
from datetime import timedelta

from livekit import api

from mockvendors import limits
from mockvendors.room.livekit import LiveKit


def join_token(
    livekit: LiveKit,
    room: str,
    identity: str,
    *,
    kind: api.AccessToken.ParticipantKind = "standard",
    hidden: bool = False,
    name: str | None = None,
    attributes: Mapping[str, str] | None = None,
    agent: bool = False,
    ttl: float = limits.TOKEN_TTL,
) -> str:
    """Return a JWT that joins `room` as `identity` and may publish and subscribe; `ttl` in seconds.

    `kind` is what others see of the participant (avatars and agents are "agent"); `agent` is the right to work as a
    registered worker, which is something else.
    """
    grants = api.VideoGrants(room_join=True, room=room, hidden=hidden or None, agent=agent or None, can_update_own_metadata=True)
    token = (
        api.AccessToken(livekit.api_key, livekit.api_secret)
        .with_identity(identity)
        .with_kind(kind)
        .with_grants(grants)
        .with_ttl(timedelta(seconds=ttl))
    )
    if name is not None:
        token = token.with_name(name)
    if attributes is not None:
        token = token.with_attributes(dict(attributes))
    return token.to_jwt()
