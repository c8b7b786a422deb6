"""Reusable cases: the token with which the vendor's avatar will join the room."""

import time
from typing import Any

from mockvendors.conformance.allowed import Between, Holds, OneOf
from mockvendors.conformance.base import Cases, needs, rule
from mockvendors.conformance.drive import Drive
from mockvendors.conformance.traits import at

AHEAD = Holds("more than 0 s", lambda seconds: seconds is not None and seconds > 0)
SENSIBLE = Between(120 - 5, 24 * 3600, "s")
"""Two minutes, less what a busy machine takes between token and look, to a day."""


class TokenCases(Cases):
    """Read from the body that the vendor received; the signature is not kept."""

    @rule("core.token.identity")
    async def test_identity(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        check("core.token.identity", self.claims(vendor).get("sub"), self.traits.identity, "`sub` of the join token")

    @rule("core.token.identity")
    @needs("avatar-identity")
    async def test_identity_is_the_users(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started(avatar_participant_identity="face-of-mine")
        check(
            "core.token.identity",
            self.claims(vendor).get("sub"),
            "face-of-mine",
            "`sub` of the join token, another identity being asked for",
        )

    @rule("core.token.name")
    async def test_name(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        names = OneOf(self.traits.name, *self.traits.other_names)
        check("core.token.name", self.claims(vendor).get("name"), names, "`name` of the join token")

    @rule("core.token.name")
    @needs("avatar-name")
    async def test_name_is_the_users(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started(avatar_participant_name="My Face")
        check("core.token.name", self.claims(vendor).get("name"), "My Face", "`name` of the join token")

    @rule("core.token.kind")
    async def test_kind(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        check("core.token.kind", self.claims(vendor).get("kind"), "agent", "`kind` of the join token")

    @rule("core.token.grants")
    async def test_grants(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        video = self.claims(vendor).get("video", {})
        # LiveKit takes an absent right to publish, subscribe or send data for a given one.
        rights = {
            name: video.get(name, name != "roomJoin") for name in ("roomJoin", "canPublish", "canSubscribe", "canPublishData")
        }
        check("core.token.grants", rights, dict.fromkeys(rights, True), "rights of the join token")

    @rule("core.token.grants")
    async def test_no_right_beyond_the_room(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        video = self.claims(vendor).get("video", {})
        beyond = sorted(name for name in ("roomCreate", "roomList", "roomAdmin", "roomRecord", "ingressAdmin") if video.get(name))
        check("core.token.grants", beyond, [], "rights of the join token that no avatar needs")

    @rule("core.token.room")
    async def test_room(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        check(
            "core.token.room",
            self.claims(vendor).get("video", {}).get("room"),
            drive.place.room,
            "the room of the join token",
        )

    @rule("core.token.publish-on-behalf")
    async def test_publish_on_behalf(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        actual = self.claims(vendor).get("attributes", {}).get("lk.publish_on_behalf")
        check(
            "core.token.publish-on-behalf",
            actual,
            drive.identity,
            "attribute lk.publish_on_behalf of the join token, against the agent's identity",
        )

    @rule("core.token.expiry")
    async def test_expiry(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        check("core.token.expiry", self.left(vendor), AHEAD, "seconds until the join token expires")

    @rule("core.token.expiry-bounds")
    async def test_length_of_life(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        check("core.token.expiry-bounds", self.left(vendor), SENSIBLE, "seconds until the join token expires")

    def left(self, vendor: Any) -> int | None:
        """Return the seconds until the join token expires; None for a token that tells no time."""
        ends = self.claims(vendor).get("exp")
        return round(ends - time.time()) if isinstance(ends, int | float) else None

    @rule("core.token.address")
    async def test_room_servers_address(self, drive: Drive, vendor: Any, check: Any) -> None:
        await drive.started()
        check(
            "core.token.address",
            at(self.body(vendor), self.traits.url),
            drive.place.url,
            "the room server's address that the vendor was given",
        )
