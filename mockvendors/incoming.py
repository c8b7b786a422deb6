"""A request as it was read: its body as JSON, or what is wrong with it."""

import json
import re
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from mockvendors.replies import JSON

_DEEPEST = 64
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Incoming(msgspec.Struct, frozen=True):
    """A request as it was read."""

    raw: bytes
    body: Any
    """What the journal shows: JSON, or text where it is none; None without a body."""
    problem: tuple[str, str] | None = None
    """Generic refusal of the contract (`json`, `size`, `content_type`) and what is wrong."""
    host: str = ""
    """The address that the client used."""


async def read(request: web.BaseRequest) -> Incoming:
    """Read a request's body; what is wrong with it is told, not raised."""
    try:
        raw = await _bytes(request)
    except web.HTTPRequestEntityTooLarge as error:
        return Incoming(b"", None, ("size", error.text or "The body is too large"))
    except web.RequestPayloadError as error:
        if not isinstance(error.__cause__, HttpProcessingError):
            raise
        return Incoming(b"", None, ("json", f"The body cannot be decoded: {error.__cause__.message.strip()}"))
    return _decoded(raw, request) if raw else Incoming(raw, None, host=request.host)


def _decoded(raw: bytes, request: web.BaseRequest) -> Incoming:
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Incoming(raw, _readable(raw), ("json", f"The body is not JSON: {error}"))
    if raw.count(b"[") + raw.count(b"{") > _DEEPEST and _depth(body) > _DEEPEST:
        return Incoming(raw, _readable(raw), ("json", f"The body is nested deeper than {_DEEPEST}"))
    if request.content_type != JSON:
        return Incoming(raw, body, ("content_type", f"Content-Type is {request.content_type}; send {JSON}"))
    return Incoming(raw, body, host=request.host)


async def _bytes(request: web.BaseRequest) -> bytes:
    """Return the body, at once where all of it has come with the head, as most do."""
    if not request.content.is_eof():
        return await request.read()
    raw = request.content.read_nowait()
    if len(raw) > request.client_max_size:
        raise web.HTTPRequestEntityTooLarge(request.client_max_size)
    return raw


def _readable(raw: bytes) -> str:
    """Return a body that is no JSON as text; of what is no text only the length, for nobody can tell a secret in it."""
    text = raw.decode(json.detect_encoding(raw), errors="replace")
    if "\x00" in text or ("\ufffd" in text and _CONTROL.search(text)):
        return f"({len(raw)} bytes that are no text)"
    return text


def _depth(value: object) -> int:
    """Return how many objects and arrays stand inside of each other."""
    deepest, level = 0, [value]
    while containers := [node for node in level if isinstance(node, dict | list)]:
        deepest += 1
        level = [item for node in containers for item in (node.values() if isinstance(node, dict) else node)]
    return deepest
