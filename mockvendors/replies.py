"""Answers of a mock vendor, and putting them on the wire."""

import socket
import struct
from typing import Protocol

import msgspec
from aiohttp import web
from multidict import CIMultiDict

from mockvendors import __version__
from mockvendors.contract import Rule, Violation

JSON = "application/json"
MARK = "mockvendors/"
SERVER = MARK + __version__
"""In the Server header of every answer, so that a recording of the mock can never pass for one of the vendor."""
_HEADERS = CIMultiDict({"Server": SERVER})
_TRICKLE_STEPS_A_SECOND = 20


class Reply(msgspec.Struct, frozen=True):
    """An answer before it is written; faults change it by `msgspec.structs.replace`."""

    status: int
    body: object = None
    """A JSON value; None sends no body and no type."""
    headers: dict[str, str] = {}
    session: str | None = None
    """The session that the answer speaks of, for the journal."""
    raw: bytes | None = None
    """Sent instead of `body`."""
    content_type: str = JSON
    cut: bool = False
    """The connection ends when half of the body was sent."""
    bytes_per_second: float | None = None

    @property
    def bare(self) -> bool:
        """Whether it has neither body nor type."""
        return self.body is None and self.raw is None

    def payload(self) -> bytes:
        """Return the bytes of the body."""
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else msgspec.json.encode(self.body)


class Refused(Exception):
    """A request breaks a rule; `detail` says how, with what was asked for and what is allowed."""

    def __init__(self, rule: Rule, detail: str, violations: tuple[Violation, ...] = ()) -> None:
        super().__init__(f"{detail} ({rule.id})")
        self.rule = rule
        self.detail = detail
        self.broken = tuple(dict.fromkeys([rule.id, *(violation.rule.id for violation in violations)]))


class Cut(Exception):
    """The connection ends now, without an answer."""


class Waits(Protocol):
    """Waits that end early when they have become pointless."""

    async def wait(self, seconds: float) -> bool:
        """Return True after so many seconds, False as soon as waiting has become pointless."""
        ...


async def send(reply: Reply, payload: bytes, request: web.BaseRequest, waits: Waits | None = None) -> web.StreamResponse:
    """Write an answer, or hand it to the server to write; `payload` is the reply's own. One that is slow needs `waits`."""
    headers = _HEADERS.copy()
    if reply.headers:
        headers.update(reply.headers)
    if not reply.bare:
        headers["Content-Type"] = reply.content_type
    if not (reply.cut or reply.bytes_per_second):
        return web.Response(status=reply.status, body=payload or None, headers=headers)
    return await _stream(reply, payload, request, headers, waits)


async def _stream(
    reply: Reply, payload: bytes, request: web.BaseRequest, headers: CIMultiDict[str], waits: Waits | None
) -> web.StreamResponse:
    response = web.StreamResponse(status=reply.status, headers=headers)
    response.content_length = len(payload)
    await response.prepare(request)
    end = len(payload) // 2 if reply.cut else len(payload)
    step = max(1, int((reply.bytes_per_second or 0) / _TRICKLE_STEPS_A_SECOND)) if reply.bytes_per_second else end
    for start in range(0, end, step or 1):
        await response.write(payload[start : min(start + step, end)])
        if reply.bytes_per_second and not (waits and await waits.wait(step / reply.bytes_per_second)):
            reset(request)
            return response
    if reply.cut and request.transport is not None:
        request.transport.close()
    return response


def reset(request: web.BaseRequest) -> None:
    """End a connection with a reset instead of a close, so that its client sees an error and no end of file."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
