"""What of a request counts as not recorded, and what stands for any value of its kind."""

import json

import pytest

from mockvendors.cassettes.interaction import Sent
from mockvendors.cassettes.replay_differences import differences

URL = "https://vendor.invalid/v1/engine/session"


def sent(body=None, *, method="POST", url=URL, **headers):
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Sent(method, url, named, b"" if body is None else json.dumps(body).encode())


def jwt(number=1, **claims):
    return f"<jwt:{number} {json.dumps(claims)}>"


ALIKE = {
    "same": ({"a": 1}, {"a": 1}),
    "other order of names": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a text of another length": ({"a": "<text:3>"}, {"a": "<text:9>"}),
    "a text that is a word of the contract": ({"a": "<text:3>"}, {"a": "warm"}),
    "another id": ({"a": "<id:1>"}, {"a": "<id:7>"}),
    "another UUID": ({"a": "00000000-0000-4000-8000-000000000001"}, {"a": "00000000-0000-4000-8000-000000000002"}),
    "another host": ({"a": "ws://host-1.invalid"}, {"a": "ws://host-2.invalid"}),
    "another token with the same claims": ({"a": jwt(sub="<id:1>", exp_in=60)}, {"a": jwt(2, sub="<id:4>", exp_in=61)}),
    "a number written otherwise": ({"a": 1}, {"a": 1.0}),
    "hidden names that are numbered otherwise": ({"<name:7>": {"<name:9>": 1}}, {"<name:1>": {"<name:2>": 1}}),
    "nothing and nothing": (None, None),
}


@pytest.mark.parametrize("name", ALIKE)
def test_alike(name):
    recorded, now = ALIKE[name]
    assert differences(sent(recorded), sent(now)) == []


UNLIKE = {
    "a number": ({"a": {"b": 1152}}, {"a": {"b": 768}}, "/a/b: recorded 1152, sent 768"),
    "a text for a number": ({"a": 1}, {"a": "1"}, '/a: recorded 1, sent "1"'),
    "true for 1": ({"a": 1}, {"a": True}, "/a: recorded 1, sent true"),
    "null for nothing": ({}, {"a": None}, "/a: recorded nothing, sent null"),
    "a field is missing": ({"a": 1, "b": 2}, {"a": 1}, "/b: recorded 2, sent nothing"),
    "a hidden name more": ({"<name:7>": 1}, {"<name:1>": 1, "<name:2>": 2}, "/<name:2>: recorded nothing, sent 2"),
    "a field more": ({"a": 1}, {"a": 1, "b": "<text:2>"}, '/b: recorded nothing, sent "<text:2>"'),
    "another word of the contract": ({"a": "warm"}, {"a": "sad"}, '/a: recorded "warm", sent "sad"'),
    "a text for a word of the contract": ({"a": "warm"}, {"a": "<text:4>"}, '/a: recorded "warm", sent some text'),
    "a text for a UUID": (
        {"a": "00000000-0000-4000-8000-000000000001"},
        {"a": "<id:1>"},
        "/a: recorded some UUID, sent some id",
    ),
    "a text for a token": ({"a": jwt(sub="<id:1>")}, {"a": "<text:9>"}, "/a: recorded some JWT, sent some text"),
    "another claim": ({"a": jwt(video=True)}, {"a": jwt(video=False)}, "/a/(claims)/video: recorded true, sent false"),
    "a claim is missing": ({"a": jwt(exp_in=60)}, {"a": jwt()}, "/a/(claims)/exp_in: recorded 60, sent nothing"),
    "another scheme": ({"a": "ws://host-1.invalid"}, {"a": "wss://host-1.invalid"}, '/a: recorded "ws://host-1.invalid", sent'),
    "a list of another length": ({"a": [1]}, {"a": [1, 2]}, "/a: recorded [1], sent [1, 2]"),
    "another item": ({"a": [1, 2]}, {"a": [1, 3]}, "/a/1: recorded 2, sent 3"),
    "a body for none": (None, {}, "body: recorded nothing, sent {}"),
}


@pytest.mark.parametrize("name", UNLIKE)
def test_unlike(name):
    recorded, now, told = UNLIKE[name]
    (found,) = differences(sent(recorded), sent(now))
    assert str(found).startswith(told)


LINES = {
    "method": (sent(), sent(method="PUT"), "method: recorded POST, sent PUT"),
    "path": (sent(), sent(url=URL + "s"), "path: recorded /v1/engine/session, sent /v1/engine/sessions"),
    "double slash": (sent(), sent(url=URL.replace("/v1", "//v1")), "path: recorded /v1/engine/session, sent //v1/engine/session"),
    "query": (sent(url=URL + "?a=1"), sent(), 'query/a: recorded ["1"], sent nothing'),
    "media type": (
        sent(content_type="application/json"),
        sent(content_type="text/plain"),
        "header content-type: recorded application/json, sent text/plain",
    ),
    "scheme": (
        sent(authorization="Bearer <key:1>"),
        sent(authorization="<key:1>"),
        "header authorization: recorded bearer, sent a bare credential",
    ),
    "no credential": (sent(authorization="Bearer <key:1>"), sent(), "header authorization: recorded bearer, sent nothing"),
}


@pytest.mark.parametrize("name", LINES)
def test_line_and_headers(name):
    recorded, now, told = LINES[name]
    assert [str(found) for found in differences(recorded, now)] == [told]


def test_ids_in_a_path_and_headers_that_do_not_matter():
    recorded = sent(url="https://vendor.invalid/v1/sessions/%3Cid:1%3E/stop", user_agent="a", authorization="Bearer <key:1>")
    now = sent(url="https://vendor.invalid/v1/sessions/%3Cid:2%3E/stop", user_agent="b", authorization="bearer <jwt:4>")
    assert differences(recorded, now) == []
