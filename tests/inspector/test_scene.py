"""Which avatars the page can look at, and what it tells of sessions and requests."""

import asyncio
import json
import time

import jwt
import pytest

from mockvendors.avatar.log import AvatarLog
from mockvendors.avatar.plan import AvatarPlan
from mockvendors.inspector.facts import facts
from mockvendors.inspector.scene import Scene, place
from mockvendors.journal import Journal
from mockvendors.room.livekit import LiveKit
from mockvendors.server import MockServer

OURS = LiveKit("ws://127.0.0.1:7880", "ours", "our-secret-of-at-least-32-characters", "cache")


class Standing:
    """An avatar that joined, or did not, and stays as long as nobody stops it."""

    def __init__(self, *kinds: str) -> None:
        self.log = AvatarLog()
        self._stopped = asyncio.Event()
        self.reason = ""
        for kind in kinds:
            self.log.add(kind, cause="a reason", room="r1", identity="face")

    async def run(self) -> str:
        await self._stopped.wait()
        return self.reason

    def stop(self, reason: str) -> None:
        self.reason = reason
        self._stopped.set()


class Avatars:
    ready = True

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    async def warm(self) -> None: ...

    def make(self, _plan: AvatarPlan) -> Standing:
        return Standing(*self.kinds)


def token(key: str = OURS.api_key, secret: str = OURS.api_secret, **claims: object) -> str:
    return jwt.encode({"iss": key, "sub": "face", "video": {"room": "r1"}, **claims}, secret, algorithm="HS256")


def plan(**changes: object) -> AvatarPlan:
    return AvatarPlan(
        **{"url": "ws://elsewhere:1", "token": token(), "width": 1152, "height": 768, "fps": 25.0, "label": "stock 1", **changes}
    )


def scene(livekit: LiveKit | None = OURS, avatars: object = None) -> Scene:
    tenant = MockServer(["anam"], avatars=avatars).new_tenant("anam")
    return Scene({"anam": tenant}, {"anam": "http://127.0.0.1:1"}, Journal(), livekit=livekit)


def test_a_token_of_our_livekit_lets_us_look_whatever_the_address():
    assert scene().can_look(plan())
    assert scene().can_look(plan(token=token(exp=time.time() - 60)))


@pytest.mark.parametrize("wrong", [token(secret="another-secret-of-at-least-32-characters"), token(key="other"), "no token", ""])
def test_any_other_token_does_not(wrong):
    assert not scene().can_look(plan(token=wrong))


def test_without_livekit_there_is_nothing_to_look_into():
    assert not scene(livekit=None).can_look(plan())


@pytest.mark.parametrize(("broken", "where"), [("no token", ("", "")), (token(video="x"), ("", "face"))])
def test_a_broken_token_names_no_place(broken, where):
    assert place(plan(token=broken)) == where
    assert place(plan()) == ("r1", "face")


async def test_a_live_session_is_told_with_its_room_and_size():
    shown = scene(avatars=Avatars("joined", "playback_started"))
    tenant = shown.tenants["anam"]
    session = tenant.start_session(plan(width=720, height=480), {})
    (told,) = facts(shown, ["viewer-1"])["sessions"]
    await tenant.close()
    assert (told["id"], told["state"], told["room"], told["label"]) == (session.id, "live", "r1", "stock 1")
    assert (told["width"], told["height"], told["visits"], told["speaking"], told["can_look"]) == (720, 480, 1, True, True)
    (told,) = facts(shown, [])["sessions"]
    assert (told["state"], told["reason"]) == ("ended", "tenant_closed")


async def test_a_session_without_a_room_says_why_nobody_comes():
    shown = scene()
    tenant = shown.tenants["anam"]
    tenant.start_session(None, {}).remark("nobody comes")
    (told,) = facts(shown, [])["sessions"]
    await tenant.close()
    assert told["trouble"] == "nobody comes"


async def test_an_avatar_that_cannot_join_says_why_and_no_token_is_told():
    shown = scene(avatars=Avatars("join_failed"))
    tenant = shown.tenants["anam"]
    tenant.start_session(plan(url="ws://user:password@elsewhere:1"), {})
    told = facts(shown, [])
    await tenant.close()
    assert told["sessions"][0]["trouble"] == "a reason"
    assert "eyJ" not in json.dumps(told)
    assert "password" not in json.dumps(told)


def test_the_last_requests_of_all_journals_come_newest_first():
    shown = scene()
    for journal, path in ((shown.strangers, "/1"), (shown.tenants["anam"].journal, "/2"), (shown.strangers, "/3")):
        entry = journal.open(tenant="", operation=None, method="GET", path=path, headers={}, sent=b"{}" * 9000)
        journal.close(entry, status=404, broken=("anam.path.unknown",))
    told = facts(shown, [])["requests"]
    assert [request["path"] for request in told] == ["/3", "/2", "/1"]
    assert told[0]["broken"] == ["anam.path.unknown"]
    assert told[0]["sent"].endswith("{} ... (cut)")
    assert abs(told[0]["at"] - time.time()) < 5
    assert facts(shown, [])["requests"] == told
