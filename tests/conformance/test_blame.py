"""When an avatar's failure is the plugin's: a token, or an address, that does not let it in."""

import datetime as dt

import pytest
from livekit import api

from mockvendors.avatar.plan import AvatarPlan
from mockvendors.conformance.blame import lets_in
from mockvendors.room.livekit import LiveKit

SERVER = LiveKit("ws://127.0.0.1:7880", "devkey", "a-secret-of-at-least-32-characters", "path")


def plan(url=SERVER.url, secret=SERVER.api_secret, key=SERVER.api_key, ttl=60, **grants):
    may = {"room_join": True, "room": "r", **grants}
    token = api.AccessToken(key, secret).with_identity("face").with_grants(api.VideoGrants(**may))
    return AvatarPlan(url, token.with_ttl(dt.timedelta(seconds=ttl)).to_jwt(), 2, 2, 1)


@pytest.mark.parametrize("url", [SERVER.url, "http://127.0.0.1:7880", "ws://127.0.0.1:7880/"])
def test_good_token_lets_in(url):
    assert lets_in(plan(url), SERVER, "r")


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another-secret-of-at-least-32-characters"},
        {"key": "otherkey"},
        {"ttl": -60},
        {"room": "another"},
        {"room_join": False},
        {"can_publish": False},
        {"url": "ws://127.0.0.1:7881"},
    ],
    ids=str,
)
def test_wrong_one_does_not(wrong):
    assert not lets_in(plan(**wrong), SERVER, "r")


def test_no_token_at_all():
    assert not lets_in(AvatarPlan(SERVER.url, "not a token", 2, 2, 1), SERVER, "r")
