"""Passing one request on to the upstream, as it came, and taking its answer as it is."""

import os
import socket
import ssl
from dataclasses import dataclass

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from mockvendors.cassettes.bodies import codings
from mockvendors.cassettes.interaction import Headers
from mockvendors.cassettes.origin import Upstream

_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade", "content-length"),
    }
)
"""Of one connection, not of the message; lengths are those of what is passed on."""
_ASKED = _HOP | {"host", "expect"}
_AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
LONGEST_LINE = 65536
"""Bytes of a header; a join token of many grants is longer than aiohttp's 8190."""


class NoAnswer(Exception):
    """The upstream was not reached, or spoke no HTTP: there is nothing to pass on, and the text says why."""


class Reset(Exception):
    """The upstream ended the connection before it had answered."""


@dataclass(frozen=True)
class Passed:
    """An answer of the upstream."""

    status: int
    reason: str
    headers: Headers
    body: bytes
    """As it came, compressed or not."""
    length: int | None
    """What the upstream had announced; None where it had not."""
    is_whole: bool
    """False when the connection ended in the middle of the body."""


class Forwarder:
    """Sends requests to one upstream, each on a connection of its own, so that a stale one is never taken for a reset."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),  # the client has its own, and is to show them
            auto_decompress=False,
            skip_auto_headers=_AUTOMATIC,
            trust_env=upstream.scheme == "https",
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
        )

    async def close(self) -> None:
        """End its connections."""
        await self._session.close()

    async def send(self, request: web.BaseRequest, target: str, body: bytes) -> Passed:
        """Pass a request on; raises NoAnswer or Reset."""
        url = URL(self._upstream.url + target, encoded=True)
        try:
            async with self._session.request(
                request.method, url, headers=_asked(request), data=body or None, allow_redirects=False
            ) as response:
                received, is_whole = await _read(response)
                headers = tuple((name, value) for name, value in response.headers.items() if name.lower() not in _HOP)
                reason, length = response.reason or "", response.content_length
                return Passed(response.status, reason, headers, received, length, is_whole)
        except (aiohttp.ClientConnectorError, aiohttp.ClientResponseError, aiohttp.InvalidURL) as error:
            raise NoAnswer(_told(error)) from error
        except (aiohttp.ClientConnectionError, OSError) as error:
            raise Reset(_told(error)) from error


def _asked(request: web.BaseRequest) -> CIMultiDict[str]:
    """Return the headers to pass on; codings that cannot be taken apart here are not asked for."""
    named = {name.strip().lower() for name in request.headers.get("Connection", "").split(",")}
    headers: CIMultiDict[str] = CIMultiDict()
    for name, value in request.headers.items():
        if name.lower() in _ASKED | named:
            continue
        headers.add(name, _readable(value) if name.lower() == "accept-encoding" else value)
    return headers


def _readable(value: str) -> str:
    known = {*codings(), "identity"}
    kept = [part.strip() for part in value.split(",") if part.partition(";")[0].strip().lower() in known]
    return ", ".join(kept) or "identity"


async def _read(response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
    """Return what came of a body, and whether it is all."""
    received = bytearray()
    try:
        async for chunk in response.content.iter_any():
            received += chunk
    except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError, OSError):
        return bytes(received), False
    return bytes(received), True


def _told(error: Exception) -> str:
    """Return the cause in a few words of the system, or the name of the error: its text repeats what was sent and received."""
    cause = getattr(error, "os_error", None) or error
    if isinstance(cause, OSError) and not isinstance(cause, socket.gaierror | ssl.SSLError) and cause.errno:
        return os.strerror(cause.errno)
    return (isinstance(cause, socket.gaierror) and cause.strerror) or type(cause).__name__
