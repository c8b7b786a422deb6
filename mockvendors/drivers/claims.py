"""What the commands of the protocol rest on: a driver that claims it has no `unsupported` for them."""

from collections.abc import Collection, Mapping
from typing import Any

from mockvendors.nearest import beside, near

ROOM = "room"
WAIT = "wait-for-join"
OF_PROTOCOL = frozenset({"connection-options", "job-only", "replay", ROOM, WAIT})
"""Claims of the protocol's own; others are of a vendor's options."""

OF_FRAMEWORK = frozenset({"avatar-identity", "avatar-name", "playback-started"})
"""Claims of what a framework's plugins may offer beside a vendor's options: just those that inherited cases need."""


def strange(claimed: Collection[str], known: Collection[str]) -> list[str]:
    """Say of each claim that no case asks for what it may have meant; `known`: every capability that the suite's cases need.

    It is no fault of the protocol's, for a driver may serve a newer suite; but what it stands for is not claimed.
    """
    told = []
    for name in sorted(set(claimed) - set(known)):
        meant = beside(near(name, sorted(known)))
        told.append(f"{name!r}, which no case of the suite needs, so that nothing is judged by it{meant}")
    return told


def rests_on(cmd: str, fields: Mapping[str, Any], needs: Collection[str]) -> frozenset[str]:
    """Return the claims that a command rests on, of a case that needs those of `needs`.

    A start that sets variables rests on none: no claim says that a driver can do that. Whether `connection-options` is true
    `smoke` finds out: of a case's start nobody knows whether its options or its limits are meant.
    """
    if cmd == "ready":
        return frozenset({WAIT})
    if cmd == "open":
        return frozenset({ROOM} if fields.get("connect") else ())
    if cmd == "start" and not fields.get("env"):
        return frozenset(needs) - OF_PROTOCOL
    return frozenset()
