"""What the join token says, which the plugin makes and the vendor joins by."""

from __future__ import annotations

from datetime import timedelta

from livekit import api

from .base import Token


class TokenExpired(Token):
    """Makes a join token that has expired."""

    rule = "core.token.expiry"

    def change(self, token: api.AccessToken) -> None:
        token.ttl = timedelta(seconds=-60)


class TokenIdentity(Token):
    """Joins the avatar under another identity than users of this plugin know."""

    rule = "core.token.identity"

    def change(self, token: api.AccessToken) -> None:
        token.identity = f"{token.identity}-1"


class TokenKind(Token):
    """Lets the avatar join as an ordinary participant."""

    rule = "core.token.kind"

    def change(self, token: api.AccessToken) -> None:
        token.claims.kind = "standard"


class TokenName(Token):
    """Gives the avatar a name that users of this plugin do not know."""

    rule = "core.token.name"

    def change(self, token: api.AccessToken) -> None:
        token.claims.name = "Somebody"


class TokenNoData(Token):
    """Gives the avatar no right to send data: it could report no playback."""

    rule = "core.token.grants"

    def change(self, token: api.AccessToken) -> None:
        _video(token).can_publish_data = False


class TokenNoPublish(Token):
    """Gives the avatar no right to publish: nobody would see it."""

    rule = "core.token.grants"

    def change(self, token: api.AccessToken) -> None:
        _video(token).can_publish = False


class TokenRoomAdmin(Token):
    """Makes the vendor an administrator of the room."""

    rule = "core.token.grants"

    def change(self, token: api.AccessToken) -> None:
        _video(token).room_admin = True


class TokenOtherRoom(Token):
    """Makes the join token for another room than the job's."""

    rule = "core.token.room"

    def change(self, token: api.AccessToken) -> None:
        _video(token).room += "-avatar"


class TokenOnBehalfOfItself(Token):
    """Lets the avatar publish on behalf of itself, and not of the agent."""

    rule = "core.token.publish-on-behalf"

    def change(self, token: api.AccessToken) -> None:
        token.claims.attributes = {"lk.publish_on_behalf": token.identity}


class TokenOnBehalfOfNobody(Token):
    """Lets the avatar publish for itself alone: it says nothing of the agent."""

    rule = "core.token.publish-on-behalf"

    def change(self, token: api.AccessToken) -> None:
        token.claims.attributes = {}


def _video(token: api.AccessToken) -> api.VideoGrants:
    assert token.claims.video is not None  # else it is no join token
    return token.claims.video
