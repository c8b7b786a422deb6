"""Requests that no schema describes: other methods, paths, keys and types, and bodies that are no JSON."""

import gzip
import itertools
from collections.abc import Callable
from dataclasses import replace

import jwt
from hypothesis import strategies as st

from .ledger import Ledger
from .oracle import DEEPEST, MEBIBYTE
from .wire import Sent

Draw = st.DrawFn
Way = Callable[[Sent, Ledger], list[Sent]]
"""Every request that is odd in one way."""
JSON = ("Content-Type", "application/json")
FORGED = jwt.encode({"jti": "x", "accountId": "key:00000000", "iat": 0, "exp": 4e9}, "0" * 32)
UNSIGNED = jwt.encode({"jti": "x", "accountId": "key:00000000", "iat": 0, "exp": 4e9}, None, algorithm="none")
GZIP = b"\x1f\x8b"
"""How gzip begins; of fewer bytes nobody can say what they are."""
CUTS = 24
"""Places at which a body is cut."""
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


def _methods(sent: Sent, _: Ledger) -> list[Sent]:
    names = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND"]
    return [replace(sent, method=name) for name in names]


def _paths(sent: Sent, _: Ledger) -> list[Sent]:
    path = sent.target
    targets = [
        *[path + "/", "/" + path, path + "?x=1&y=%00", path + "%2F", path.upper(), "/", "/v1", "/v1/sessions/a/b/c"],
        *[path.replace("/v1/", "/v2/"), path.replace("/v1/", "//v1//"), path.replace("s", "%73")],
    ]
    return [replace(sent, target=target) for target in targets]


def _credentials(sent: Sent, ledger: Ledger) -> list[Sent]:
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
    return [sent.with_header("Authorization", *value) for value in values]


def _kinds(sent: Sent, _: Ledger) -> list[Sent]:
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
    return [sent.with_header("Content-Type", *kind) for kind in kinds]


def _broken_json(sent: Sent, _: Ledger) -> list[Sent]:
    """Send what is no JSON, or a body that is cut at one of some places."""
    step = max(1, len(sent.body) // CUTS)
    cut = [sent.body[:end] for end in range(0, max(1, len(sent.body)), step)]
    return _with_bodies(sent, [*BROKEN_JSON, *cut])


def _no_object(sent: Sent, _: Ledger) -> list[Sent]:
    return _with_bodies(sent, [b"null", b"[]", b"7", b'"text"', b"true", b"{}", b"", b" {} ", b"9" * 400, b"9" * 5000])


def _deep(sent: Sent, _: Ledger) -> list[Sent]:
    """Nest just at the limit, with and without a value inside and brackets beside it."""
    made = itertools.product(range(DEEPEST - 4, DEEPEST + 3), [b"", b"1", b'"["'], [b"", b',"b":[[],[]]'])
    return _with_bodies(sent, [b'{"unknown":' + b"[" * n + inside + b"]" * n + beside + b"}" for n, inside, beside in made])


def _large(sent: Sent, _: Ledger) -> list[Sent]:
    sizes = [MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, MEBIBYTE + 70_000]
    return _with_bodies(sent, [b'{"unknown":"' + b"x" * (size - 14) + b'"}' for size in sizes])


def _packed(sent: Sent, _: Ledger) -> list[Sent]:
    """Send the body as gzip, whole, or not gzip at all; cut gzip is left out, since servers differ in whether they take it."""
    plain = b"{}" if len(sent.body) < len(GZIP) or sent.body.startswith(GZIP) else sent.body
    packed = [replace(sent, body=gzip.compress(sent.body, mtime=0)), replace(sent, body=plain)]
    return [one.with_header("Content-Encoding", "gzip") for one in packed]


def _with_bodies(sent: Sent, bodies: list[bytes]) -> list[Sent]:
    """Put bodies in the place of another, which may have been packed."""
    return [replace(sent.with_header("Content-Encoding").with_header(*JSON), body=body) for body in bodies]


WAYS: dict[str, Way] = {
    "packed": _packed,
    "method": _methods,
    "path": _paths,
    "credential": _credentials,
    "content type": _kinds,
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
        changes = WAYS[way](sent, ledger)
        sent = changes[draw(st.integers(0, len(changes) - 1))]
    return sent
