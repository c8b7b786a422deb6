"""Whose fault it is, before a plugin is blamed: the room's, the avatar's, the driver's, or the plugin's after all."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest

from mockvendors.conformance.scene import Scene
from mockvendors.conformance.whose_suite import is_ours
from mockvendors.drivers.claims import rests_on
from mockvendors.drivers.ends import Unsupported
from mockvendors.errors import DriverFault, EnvironmentFault, HarnessFault, MockvendorsError
from mockvendors.owner import ends_in

FAILURES = ("join_failed", "publish_failed")
"""What an avatar's log calls a room that did not let it do what it is there for."""


def excuse(scene: Scene) -> MockvendorsError | None:
    """Return what went wrong on our side or the machine's while the case ran, if anything did."""
    return _gone(scene) or _avatar(scene) or _mock(scene)


def lie(scene: Scene, exc: Unsupported, needs: Collection[str]) -> DriverFault | None:
    """Return what a driver's `unsupported` makes of its claims: one that it does not stand by is its fault, no `not claimed`.

    `needs`: what the case needs, and so what the options of its start rest on.
    """
    if scene.driver is None or scene.driver.hello is None:
        return None
    belied = sorted(rests_on(exc.cmd, exc.fields, needs) & scene.driver.hello.capabilities)
    if not belied:
        return None
    fault: DriverFault = scene.driver.named.fault(f"claims {', '.join(belied)} but answers unsupported to {exc.cmd}: {exc}")
    return fault


def of_suite(item: pytest.Item, exc: BaseException | None) -> str:
    """Return what is at fault where an exception comes out of the lines of somebody else's suite; empty where it does not."""
    folder = item.path.parent
    if exc is None or isinstance(exc, MockvendorsError) or is_ours(folder):
        return ""
    if isinstance(exc, pytest.FixtureLookupError):
        return f"the suite of {_vendor(item)} ({item.path.name})"
    return f"the suite of {_vendor(item)} ({item.path.name})" if ends_in(folder, exc.__traceback__) else ""


def _vendor(item: pytest.Item) -> str:
    return str(item.cls.traits.vendor)  # type: ignore[attr-defined]  # a case is a method of a class with traits


def _gone(scene: Scene) -> MockvendorsError | None:
    """Return what happened to the case's LiveKit server, if it is not there any more."""
    try:
        if scene.livekit is not None:
            scene.livekit.check()
    except EnvironmentFault as exc:
        return exc
    return None


def _mock(scene: Scene) -> MockvendorsError | None:
    """Return what the mock did wrong first; it is told once."""
    found = scene.faults()
    scene.excused = bool(found)
    return found[0] if found else None


def _avatar(scene: Scene) -> MockvendorsError | None:
    """Return why an avatar of ours failed, where no request and no token of the plugin's can have been the cause."""
    sessions = list(scene.tenant.sessions.values()) if scene.tenant is not None else []
    for session in sessions:
        if session.reason == "crashed":
            return HarnessFault(f"the mock's avatar crashed: {session.cause or session.log.text()}", "Report it")
    # With several avatars the later one takes the earlier one's place in the room, which is no failure of ours.
    if len(sessions) != 1 or scene.livekit is None or sessions[0].log is None:
        return None
    failed = [entry for kind in FAILURES for entry in sessions[0].log.of(kind)]
    if not failed or not lets_in(sessions[0].plan, scene.livekit, scene.room):
        return None
    cause = failed[0].data.get("cause")
    return EnvironmentFault(
        f"the mock's avatar could not join or publish, with a token and an address that are right: {cause}",
        "See `mockvendors doctor`",
    )


def lets_in(plan: Any, livekit: Any, room: str | None) -> bool:
    """Tell whether the plugin's token and address let an avatar into the case's room, and let it publish there."""
    try:
        claims = jwt.decode(plan.token, livekit.api_secret, algorithms=["HS256"], issuer=livekit.api_key)
    except jwt.PyJWTError:
        return False
    grants = claims.get("video")
    if not isinstance(grants, dict) or urlsplit(plan.url).netloc != urlsplit(livekit.url).netloc:
        return False
    return grants.get("room") == room and bool(grants.get("roomJoin")) and grants.get("canPublish", True) is not False
