"""Whom an avatar speaks for, as far as its token tells."""

import base64
import json

import pytest

from mockvendors.avatar.plan import PUBLISH_ON_BEHALF, AvatarPlan


def token(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.x"


def speaker(token: str, listen_to: str | None = None) -> str | None:
    return AvatarPlan("ws://127.0.0.1:9", token, 640, 480, 25.0, listen_to=listen_to).speaker


def test_the_token_names_it():
    assert speaker(token({"attributes": {PUBLISH_ON_BEHALF: "agent"}})) == "agent"


def test_what_the_plan_says_comes_first():
    assert speaker(token({"attributes": {PUBLISH_ON_BEHALF: "agent"}}), "another") == "another"


@pytest.mark.parametrize("claims", [{}, {"attributes": None}, {"attributes": []}, {"attributes": {PUBLISH_ON_BEHALF: 7}}, []])
def test_a_token_may_name_nobody(claims):
    assert speaker(token(claims)) is None


@pytest.mark.parametrize("broken", ["", "a.b", "no.claims.here"])
def test_a_broken_token_names_nobody(broken):
    assert speaker(broken) is None
