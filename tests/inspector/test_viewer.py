"""The page's server: works without LiveKit and without the network, and is for this machine alone."""

import re
from dataclasses import replace

import aiohttp
import jwt
import pytest

from mockvendors.avatar.plan import AvatarPlan
from mockvendors.inspector.scene import Scene
from mockvendors.inspector.viewer import Viewer
from mockvendors.journal import Journal
from mockvendors.room.livekit import LiveKit
from mockvendors.server import MockServer

CLOSED = LiveKit("ws://127.0.0.1:9", "key", "a-secret-of-at-least-32-characters", "LIVEKIT_URL")


@pytest.fixture
def scene():
    tenant = MockServer(["anam"]).new_tenant("anam")
    tenant.set("avatars", "none")
    return Scene({"anam": tenant}, {"anam": "http://127.0.0.1:1"}, Journal(), without="nobody has one")


@pytest.fixture
async def ask(scene):
    viewer = Viewer(scene)
    page = await viewer.start()

    async with aiohttp.ClientSession() as http:

        async def request(method: str, path: str, **headers: str) -> tuple[int, str]:
            async with http.request(method, page + path, headers=headers) as reply:
                return reply.status, await reply.text()

        request.page = page
        yield request
    await viewer.stop()


def start(scene, secret=CLOSED.api_secret, url=CLOSED.url) -> str:
    claims = {"iss": "key", "sub": "face", "video": {"room": "r1"}}
    token = jwt.encode(claims, secret, algorithm="HS256")
    return scene.tenants["anam"].start_session(AvatarPlan(url, token, 1152, 768, 25.0), {}).id


async def test_the_page_needs_nothing_from_elsewhere(ask):
    status, text = await ask("GET", "")
    assert status == 200
    assert re.findall(r"(?:src|href)=[\"']?(?!data:)[^\s\"'>]+|https?://", text) == []


async def test_it_listens_on_loopback(ask):
    assert ask.page.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Host": "127.0.0.1.evil.example:80"}, {"Host": "[oops"}])
async def test_another_name_for_this_machine_is_refused(ask, headers):
    status, _ = await ask("GET", "state.json", **headers)
    assert status in (400, 403)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_site_cannot_open_rooms(ask, origin):
    status, _ = await ask("POST", "rooms", Origin=origin)
    assert status == 403


async def test_its_own_page_can(ask):
    status, text = await ask("POST", "rooms", Origin=ask.page.rstrip("/"))
    assert (status, text) == (409, "nobody has one")


async def test_a_livekit_that_is_down_is_told(ask, scene):
    scene.livekit = CLOSED
    status, text = await ask("POST", "rooms")
    assert status == 502
    assert "ws://127.0.0.1:9" in text
    status, text = await ask("GET", f"sessions/{start(scene)}/video.mjpeg")
    assert status == 502
    assert "cannot join" in text


@pytest.mark.parametrize("what", ["video.mjpeg", "voice.wav"])
async def test_there_is_nothing_to_see_of_no_session_and_of_another_server(ask, scene, what):
    assert (await ask("GET", f"sessions/none/{what}"))[0] == 404
    elsewhere = start(scene, secret="another-secret-of-32-characters-x")
    assert (await ask("GET", f"sessions/{elsewhere}/{what}"))[0] == 409
    scene.livekit = CLOSED
    status, text = await ask("GET", f"sessions/{elsewhere}/{what}")
    assert status == 409
    assert "another server" in text


@pytest.mark.parametrize("secret", [CLOSED.api_secret, "another-secret-of-32-characters-x"])
async def test_an_address_is_told_without_its_secrets(ask, scene, secret):
    scene.livekit = replace(CLOSED, url="ws://me:hidden@127.0.0.1:9")
    session = start(scene, secret, "ws://me:hidden@127.0.0.1:9/rtc?access_token=hidden")
    for method, path in (("GET", f"sessions/{session}/video.mjpeg"), ("POST", "rooms"), ("GET", "state.json")):
        status, text = await ask(method, path)
        assert (status == 200) == (path == "state.json")
        assert "127.0.0.1:9" in text
        assert "hidden" not in text


async def test_only_rooms_of_the_page_are_closed(ask):
    assert (await ask("DELETE", "rooms/someones"))[0] == 404
