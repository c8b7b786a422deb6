"""Requests that no schema describes: other methods, paths, keys and types, and bodies that are no JSON."""

import gzip
from collections.abc import Callable
from dataclasses import replace

import jwt
from hypothesis import strategies as st

from .ledger import Ledger
from .oracle import DEEPEST, MEBIBYTE
from .wire import Sent

Draw = st.DrawFn
Way = Callable[[Draw, Sent, Ledger], Sent]
JSON = ("Content-Type", "application/json")
FORGED = jwt.encode({"jti": "x", "accountId": "key:00000000", "iat": 0, "exp": 4e9}, "0" * 32)
UNSIGNED = jwt.encode({"jti": "x", "accountId": "key:00000000", "iat": 0, "exp": 4e9}, None, algorithm="none")
BROKEN_JSON = [
    b"{",
    b"not json",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"{}{}",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": -1e999}',
    b'{"a": 01}',
    b'{"a": "\\ud800"}',
    b'{"a": "\xed\xa0\x80"}',
    b'{"a": "\t"}',
    b"{'a': 1}",
    b'{"a": 1,}',
    b" ",
    b"\x00",
    b"[" * 300,
    b'{"personaConfig": ' + b"[" * 300 + b"]" * 300 + b"}",
]


def _method(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    return replace(
        sent, method=draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"]))
    )


def _path(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    changes: list[Callable[[str], str]] = [
        lambda path: path + "/",
        lambda path: "/" + path,
        lambda path: path.replace("/v1/", "/v2/"),
        lambda path: path.replace("/v1/", "//v1//"),
        lambda path: path + "?x=1&y=%00",
        lambda path: path + "%2F",
        lambda path: path.replace("s", "%73"),
        lambda path: path.upper(),
        lambda _: "/",
        lambda _: "/v1",
        lambda _: "/v1/sessions/a/b/c",
    ]
    return replace(sent, target=draw(st.sampled_from(changes))(sent.target))


def _credential(draw: Draw, sent: Sent, ledger: Ledger) -> Sent:
    key = ledger.key
    values = [
        (),
        ("",),
        ("Bearer",),
        ("Bearer ",),
        (key,),
        (f"Basic {key}",),
        (f"Bearer {key}x",),
        (f"Bearer {key[:-1]}",),
        (f"Bearer {key.swapcase()}",),
        (f"bearer {key}",),
        (f"BEARER {key}",),
        (f"Bearer {key}", f"Bearer {key}"),
        (f"Bearer {key}, Bearer {key}",),
        (f"Bearer {FORGED}",),
        (f"Bearer {UNSIGNED}",),
        ("Bearer eyJ",),
        ("Bearer eyJh.\xe4.x",),
        ("Bearer undefined",),
    ]
    return sent.with_header("Authorization", *draw(st.sampled_from(values)))


def _kind(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    kinds = [
        (),
        ("",),
        ("text/plain",),
        ("application/x-www-form-urlencoded",),
        ("application/jsonx",),
        ("application/json; charset=utf-8",),
        ("Application/JSON",),
        ("application/problem+json",),
    ]
    return sent.with_header("Content-Type", *draw(st.sampled_from(kinds)))


def _broken_json(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    cut = st.integers(0, max(0, len(sent.body) - 1)).map(lambda end: sent.body[:end])
    return replace(sent.with_header(*JSON), body=draw(st.one_of(st.sampled_from(BROKEN_JSON), cut)))


def _no_object(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    values = st.sampled_from([b"null", b"[]", b"7", b'"text"', b"true", b"{}", b"", b" {} ", b"9" * 400])
    return replace(sent.with_header(*JSON), body=draw(values))


def _deep(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    """Nest just at the limit, with and without a value inside and brackets beside it."""
    depth = draw(st.integers(DEEPEST - 3, DEEPEST + 3))
    inside, beside = draw(st.sampled_from([b"", b"1", b'"["'])), draw(st.sampled_from([b"", b',"b":[[],[]]']))
    body = b'{"unknown":' + b"[" * (depth - 1) + inside + b"]" * (depth - 1) + beside + b"}"
    return replace(sent.with_header(*JSON), body=body)


def _large(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    size = draw(st.sampled_from([MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, MEBIBYTE + 70_000]))
    return replace(sent.with_header(*JSON), body=b'{"unknown":"' + b"x" * (size - 14) + b'"}')


def _packed(draw: Draw, sent: Sent, _: Ledger) -> Sent:
    """Send the body as gzip, whole, or not gzip at all; cut gzip is left out, since servers differ in whether they take it."""
    whole = draw(st.booleans())
    packed = replace(sent, body=gzip.compress(sent.body, mtime=0) if whole else sent.body or b"{}")
    return packed.with_header("Content-Encoding", "gzip")


WAYS: dict[str, Way] = {
    "packed": _packed,
    "method": _method,
    "path": _path,
    "credential": _credential,
    "content type": _kind,
    "broken JSON": _broken_json,
    "no object": _no_object,
    "deep": _deep,
    "large": _large,
}


@st.composite
def oddly(draw: Draw, sent: Sent, ledger: Ledger, *ways: str) -> Sent:
    """Return a request that is odd in these ways, or in one or two that are drawn."""
    drawn = st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=2, unique=True)
    for way in ways or draw(drawn):
        sent = WAYS[way](draw, sent, ledger)
    return sent
